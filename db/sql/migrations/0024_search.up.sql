-- What search and discovery read. Tables of their own, so that a like, which changes its post, touches none of their
-- indexes. All are empty here: triggers fill them from now on, and db/maintenance/search_rows.py adds what was there
-- before, in small batches, once the upgrade has reached head.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- Published posts: their words, and marks that no text has since there is a space in them: 'week 2889', 'type song',
-- 'author 12', 'language pt', 'tag cats', 'has media'. So one index answers a search with all that narrows it.
CREATE TABLE app.post_search (
    post_id bigint NOT NULL,
    user_id bigint NOT NULL,
    visibility visibility NOT NULL,
    created_at timestamptz NOT NULL,
    document tsvector NOT NULL,
    CONSTRAINT post_search_pkey PRIMARY KEY (post_id),
    CONSTRAINT post_search_post_id_fkey FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE
);

CREATE INDEX idx_post_search_created ON app.post_search (created_at DESC, post_id DESC);

-- Without a list of pending entries: whoever happens to fill that would wait for all of it, and each search reads it.
CREATE INDEX idx_post_search_document ON app.post_search USING gin (document) WITH (fastupdate = off);

-- Active people: their user name, and the display name of a public profile, both folded. Similar names are looked for
-- in one block of 16,384 people after another, which bounds what a name that everybody has costs.
CREATE TABLE app.user_search (
    user_id bigint NOT NULL,
    username text COLLATE "C" NOT NULL,
    name text COLLATE "C",
    block integer NOT NULL GENERATED ALWAYS AS ((user_id >> 14)::integer) STORED,
    names text NOT NULL GENERATED ALWAYS AS (username || coalesce(' ' || name, '')) STORED,
    CONSTRAINT user_search_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_search_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX idx_user_search_username ON app.user_search (username, user_id);
CREATE INDEX idx_user_search_name ON app.user_search (name, user_id) WHERE name IS NOT NULL;
CREATE INDEX idx_user_search_block_names ON app.user_search USING gin (block, names gin_trgm_ops)
WITH (fastupdate = off);

-- What a job found to be popular among the posts of the last hours: 1, 24 and 168.
CREATE TABLE app.trending_posts (
    hours smallint NOT NULL,
    post_id bigint NOT NULL,
    score bigint NOT NULL,
    CONSTRAINT trending_posts_pkey PRIMARY KEY (hours, post_id),
    CONSTRAINT trending_posts_post_id_fkey FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE
);

CREATE INDEX idx_trending_posts_score ON app.trending_posts (hours, score DESC, post_id DESC);
CREATE INDEX idx_trending_posts_post ON app.trending_posts (post_id);

CREATE TABLE app.trending_tags (
    hours smallint NOT NULL,
    position smallint NOT NULL,
    tag text NOT NULL,
    posts_count integer NOT NULL,
    people_count integer NOT NULL,
    CONSTRAINT trending_tags_pkey PRIMARY KEY (hours, position)
);
