-- name: comments_by_ids
-- The comments among these ids that the viewer may see, in no order; the content of a deleted one is NULL.
SELECT
    c.id,
    c.post_id,
    c.user_id,
    c.parent_comment_id,
    CASE WHEN c.deleted_at IS NULL THEN c.content END AS content,
    c.likes_count,
    c.replies_count,
    c.created_at,
    c.deleted_at
FROM app.visible_comments(%(viewer)s) AS c
WHERE c.id = any(%(ids)s::bigint[]);

-- name: comments_by_post_ids
-- For each post, its visible comments that are no replies, newest first.
-- keyset
SELECT
    c.id,
    c.post_id,
    c.user_id,
    c.parent_comment_id,
    CASE WHEN c.deleted_at IS NULL THEN c.content END AS content,
    c.likes_count,
    c.replies_count,
    c.created_at,
    c.deleted_at,
    o.owner_id
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
INNER JOIN app.visible_posts(%(viewer)s) AS p ON o.owner_id = p.id
CROSS JOIN LATERAL (
    SELECT oc.*
    FROM app.open_comments(%(viewer)s) AS oc
    WHERE
        oc.post_id = p.id
        AND oc.parent_comment_id IS NULL
        AND (oc.created_at, oc.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
        AND (oc.created_at, oc.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
    ORDER BY oc.created_at DESC, oc.id DESC
    LIMIT %(limit)s::integer
) AS c;

-- name: replies_by_comment_ids
-- For each comment that the viewer sees, its visible replies, newest first: they are on the same post.
-- keyset
SELECT
    c.id,
    c.post_id,
    c.user_id,
    c.parent_comment_id,
    CASE WHEN c.deleted_at IS NULL THEN c.content END AS content,
    c.likes_count,
    c.replies_count,
    c.created_at,
    c.deleted_at,
    o.owner_id
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT oc.*
    FROM app.open_comments(%(viewer)s) AS oc
    WHERE
        oc.parent_comment_id = o.owner_id
        AND (oc.created_at, oc.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
        AND (oc.created_at, oc.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
    ORDER BY oc.created_at DESC, oc.id DESC
    LIMIT %(limit)s::integer
) AS c;

-- name: insert_comment
-- Comment on a visible post, or reply to a comment on it that is not deleted; no row when either is not there.
INSERT INTO public.comments (post_id, user_id, parent_comment_id, content)
SELECT
    p.id,
    %(viewer)s,
    %(parent_comment_id)s::bigint,
    %(content)s
FROM app.visible_posts(%(viewer)s) AS p
WHERE
    p.id = %(post_id)s
    AND (
        %(parent_comment_id)s::bigint IS NULL
        OR EXISTS (
            SELECT 1
            FROM app.visible_comments(%(viewer)s) AS c
            WHERE c.id = %(parent_comment_id)s::bigint AND c.post_id = p.id AND c.deleted_at IS NULL
        )
    )
RETURNING id;
