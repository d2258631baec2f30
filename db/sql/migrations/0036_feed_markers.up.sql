-- How far people have read feeds: the place of the topmost post that they have read, as the cursor of the post says it.
-- Neither the feed nor the post is a foreign key: the Following feed is not stored, a public feed can go without a
-- write for each of its readers, and the place stays where the post goes.
CREATE TABLE app.feed_markers (
    user_id bigint NOT NULL,
    feed_id bigint NOT NULL,
    rules_version integer NOT NULL,
    score bigint,
    post_created_at timestamptz NOT NULL,
    post_id bigint NOT NULL,
    set_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT feed_markers_pkey PRIMARY KEY (user_id, feed_id),
    CONSTRAINT feed_markers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
