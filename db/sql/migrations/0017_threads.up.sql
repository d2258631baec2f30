-- How many comments lie above one, which a page would otherwise find out level by level for each of its comments.
-- 0 is right at once for those that are no replies; the others are filled in by db/maintenance/comment_depths.py, in
-- small batches, once the upgrade has reached head.
ALTER TABLE comments ADD COLUMN depth integer NOT NULL DEFAULT 0;

-- Who likes a comment; what a person likes. The id is there to tell two of one moment apart in the order of a list:
-- with the user in its place, the planner would look for one like in the index of the list, and read it through.
CREATE TABLE app.comment_likes (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    comment_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT comment_likes_pkey PRIMARY KEY (user_id, comment_id),
    CONSTRAINT comment_likes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT comment_likes_comment_id_fkey FOREIGN KEY (comment_id) REFERENCES comments (id) ON DELETE CASCADE
);

CREATE INDEX idx_comment_likes_comment_created ON app.comment_likes (comment_id, created_at DESC, id DESC);
