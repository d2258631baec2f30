-- The tags that most people use, to complete what somebody types. Their names sort by their bytes, so that those with
-- one beginning stand together in the index.
CREATE TABLE app.used_tags (
    name text COLLATE "C" NOT NULL,
    people_count integer NOT NULL,
    CONSTRAINT used_tags_pkey PRIMARY KEY (name)
);
