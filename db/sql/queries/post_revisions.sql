-- name: insert_revision
-- Keep a post of the viewer as it is now, before it is changed. The time is not that of the transaction's begin: of two
-- changes at once, the one that waits may have begun first.
INSERT INTO app.post_revisions (post_id, title, content, tags, media_ids, replaced_at)
SELECT
    p.id,
    p.title,
    p.content,
    p.tags,
    coalesce(files.ids, '{}'),
    clock_timestamp()
FROM public.posts AS p
LEFT JOIN
    LATERAL (
        SELECT array_agg(m.id ORDER BY m.display_order, m.id) AS ids
        FROM public.post_media AS m
        WHERE m.post_id = p.id
    ) AS files
    ON TRUE
WHERE p.id = %(post_id)s AND p.user_id = %(viewer)s;

-- name: trim_revisions
-- Delete all but the latest revisions of a post.
DELETE FROM app.post_revisions
WHERE
    post_id = %(post_id)s
    AND id <= (
        SELECT r.id FROM app.post_revisions AS r
        WHERE r.post_id = %(post_id)s
        ORDER BY r.replaced_at DESC, r.id DESC
        LIMIT 1 OFFSET %(kept)s::integer
    );

-- name: revisions_by_post_ids
-- For each post, if it is the viewer's, what it was before it was changed, the latest version first.
-- keyset
SELECT
    r.id,
    r.post_id,
    r.title,
    r.content,
    r.tags,
    r.media_ids,
    r.replaced_at,
    o.owner_id
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT earlier.*
    FROM app.post_revisions AS earlier
    WHERE
        earlier.post_id = o.owner_id
        AND EXISTS (
            SELECT 1 FROM public.posts AS own
            WHERE own.id = o.owner_id AND own.user_id = %(viewer)s
        )
        AND (earlier.replaced_at, earlier.id) < (%(after_replaced_at)s::timestamptz, %(after_id)s::bigint)
        AND (earlier.replaced_at, earlier.id) > (%(before_replaced_at)s::timestamptz, %(before_id)s::bigint)
    ORDER BY earlier.replaced_at DESC, earlier.id DESC
    LIMIT %(limit)s::integer
) AS r;

-- name: revisions_by_ids
-- The revisions among these ids that are of posts of the viewer, in no order, unless those were deleted longer ago than
-- the grace.
SELECT
    r.id,
    r.post_id,
    r.title,
    r.content,
    r.tags,
    r.media_ids,
    r.replaced_at
FROM app.post_revisions AS r
INNER JOIN public.posts AS own ON r.post_id = own.id
WHERE
    r.id = any(%(ids)s::bigint[])
    AND own.user_id = %(viewer)s
    AND (own.deleted_at > now() - %(grace)s::interval) IS NOT FALSE;
