-- How many comments lie above one, which a page would otherwise find out level by level for each of its comments.
-- 0 for those that are no replies is right at once; only replies are written.
ALTER TABLE comments ADD COLUMN depth integer NOT NULL DEFAULT 0;

WITH RECURSIVE thread AS (
    SELECT
        reply.id,
        1 AS depth
    FROM comments AS reply
    INNER JOIN comments AS head ON reply.parent_comment_id = head.id
    WHERE head.parent_comment_id IS NULL
    UNION ALL
    SELECT
        reply.id,
        above.depth + 1
    FROM thread AS above
    INNER JOIN comments AS reply ON above.id = reply.parent_comment_id
)

UPDATE comments
SET depth = thread.depth
FROM thread
WHERE comments.id = thread.id;

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
