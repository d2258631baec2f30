-- How many people follow somebody, whom they follow, their friends and their published posts: what a profile shows of
-- crowds of any size. A user without a row has not been counted yet: db/maintenance/user_counts.py does it once the
-- triggers are there that keep the rows from then on.
-- Free room on each page and an early vacuum keep the updates HOT: a popular person's row changes with every follow.
CREATE TABLE app.user_counts (
    user_id bigint NOT NULL,
    followers_count integer NOT NULL DEFAULT 0,
    following_count integer NOT NULL DEFAULT 0,
    friends_count integer NOT NULL DEFAULT 0,
    posts_count integer NOT NULL DEFAULT 0,
    CONSTRAINT user_counts_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_counts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_counts_not_negative CHECK (
        followers_count >= 0 AND following_count >= 0 AND friends_count >= 0 AND posts_count >= 0
    )
) WITH (
    fillfactor = 85,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.02,
    autovacuum_vacuum_cost_delay = 0
);
