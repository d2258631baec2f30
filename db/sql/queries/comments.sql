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
    page.id,
    page.post_id,
    page.user_id,
    page.parent_comment_id,
    page.content,
    page.likes_count,
    page.replies_count,
    page.created_at,
    page.deleted_at,
    o.owner_id,
    page.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
INNER JOIN app.visible_posts(%(viewer)s) AS p ON o.owner_id = p.id
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop,
        found.post_id,
        found.user_id,
        found.parent_comment_id,
        CASE WHEN found.deleted_at IS NULL THEN found.content END AS content,
        found.likes_count,
        found.replies_count,
        found.deleted_at
    FROM (
        SELECT
            thread.created_at,
            thread.id,
            row_number() OVER (ORDER BY thread.created_at DESC, thread.id DESC) AS nth
        FROM public.comments AS thread
        WHERE
            thread.post_id = p.id
            AND thread.parent_comment_id IS NULL
            AND (thread.deleted_at IS NULL OR thread.replies_count > 0)
            AND (thread.created_at, thread.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (thread.created_at, thread.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY thread.created_at DESC, thread.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    LEFT JOIN
        LATERAL (
            SELECT vp.*
            FROM app.open_comments(%(viewer)s) AS vp
            WHERE vp.id = candidate.id
            LIMIT 1
        ) AS found
        ON TRUE
    WHERE found.id IS NOT NULL OR candidate.nth = %(reach)s::integer
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS page;

-- name: replies_by_comment_ids
-- For each comment that the viewer sees, its visible replies, newest first: they are on the same post.
-- keyset
SELECT
    page.id,
    page.post_id,
    page.user_id,
    page.parent_comment_id,
    page.content,
    page.likes_count,
    page.replies_count,
    page.created_at,
    page.deleted_at,
    o.owner_id,
    page.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop,
        found.post_id,
        found.user_id,
        found.parent_comment_id,
        CASE WHEN found.deleted_at IS NULL THEN found.content END AS content,
        found.likes_count,
        found.replies_count,
        found.deleted_at
    FROM (
        SELECT
            reply.created_at,
            reply.id,
            row_number() OVER (ORDER BY reply.created_at DESC, reply.id DESC) AS nth
        FROM public.comments AS reply
        WHERE
            reply.parent_comment_id = o.owner_id
            AND (reply.deleted_at IS NULL OR reply.replies_count > 0)
            AND (reply.created_at, reply.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (reply.created_at, reply.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY reply.created_at DESC, reply.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    LEFT JOIN
        LATERAL (
            SELECT vp.*
            FROM app.open_comments(%(viewer)s) AS vp
            WHERE vp.id = candidate.id
            LIMIT 1
        ) AS found
        ON TRUE
    WHERE found.id IS NOT NULL OR candidate.nth = %(reach)s::integer
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS page;

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
