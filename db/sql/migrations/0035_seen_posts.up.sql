-- Which posts a person has seen, the newest 10,000 by when that was first. The post is no foreign key: a popular post
-- would be locked by everybody who notes it, and its deletion a write to each of them.
CREATE TABLE app.seen_posts (
    user_id bigint NOT NULL,
    post_id bigint NOT NULL,
    mark bigint NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT seen_posts_pkey PRIMARY KEY (user_id, post_id) INCLUDE (mark),
    -- What is to be forgotten is found by it.
    CONSTRAINT seen_posts_mark_key UNIQUE (user_id, mark),
    CONSTRAINT seen_posts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- The number of a person's latest mark: whoever adds marks holds this row, so they are in the order of commits. What a
-- person had seen at one moment is all that is numbered up to here.
CREATE TABLE app.seen_marks (
    user_id bigint NOT NULL,
    latest bigint NOT NULL,
    CONSTRAINT seen_marks_pkey PRIMARY KEY (user_id),
    CONSTRAINT seen_marks_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
