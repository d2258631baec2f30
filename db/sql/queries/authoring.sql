-- name: drafts_by_user_ids
-- For each user, if it is the viewer, the ids of their drafts, the most recently changed first.
-- keyset
SELECT
    o.owner_id,
    d.updated_at,
    d.id
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        own.updated_at,
        own.id
    FROM public.posts AS own
    WHERE
        own.user_id = o.owner_id
        AND own.user_id = %(viewer)s
        AND own.status = 'draft'
        AND (own.updated_at, own.id) < (%(after_updated_at)s::timestamptz, %(after_id)s::bigint)
        AND (own.updated_at, own.id) > (%(before_updated_at)s::timestamptz, %(before_id)s::bigint)
    ORDER BY own.updated_at DESC, own.id DESC
    LIMIT %(limit)s::integer
) AS d;

-- name: scheduled_posts_by_user_ids
-- For each user, if it is the viewer, the ids of their scheduled posts, the next to be published first: due_order is
-- the time in microseconds, negated.
-- keyset
SELECT
    o.owner_id,
    s.due_order,
    s.id
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        (-1000000 * extract(EPOCH FROM own.scheduled_for AT TIME ZONE 'UTC'))::bigint AS due_order,
        own.id
    FROM public.posts AS own
    WHERE
        own.user_id = o.owner_id
        AND own.user_id = %(viewer)s
        AND own.status = 'scheduled'
        AND ((-1000000 * extract(EPOCH FROM own.scheduled_for AT TIME ZONE 'UTC'))::bigint, own.id)
        < (%(after_due_order)s::bigint, %(after_id)s::bigint)
        AND ((-1000000 * extract(EPOCH FROM own.scheduled_for AT TIME ZONE 'UTC'))::bigint, own.id)
        > (%(before_due_order)s::bigint, %(before_id)s::bigint)
    ORDER BY (-1000000 * extract(EPOCH FROM own.scheduled_for AT TIME ZONE 'UTC'))::bigint DESC, own.id DESC
    LIMIT %(limit)s::integer
) AS s;

-- name: deleted_posts_by_user_ids
-- For each user, if it is the viewer, the ids of the posts that they deleted within the grace, the latest deletion
-- first.
-- keyset
SELECT
    o.owner_id,
    x.deleted_at,
    x.id
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        own.deleted_at,
        own.id
    FROM public.posts AS own
    WHERE
        own.user_id = o.owner_id
        AND own.user_id = %(viewer)s
        AND own.status = 'deleted'
        AND own.deleted_at > now() - %(grace)s::interval
        AND (own.deleted_at, own.id) < (%(after_deleted_at)s::timestamptz, %(after_id)s::bigint)
        AND (own.deleted_at, own.id) > (%(before_deleted_at)s::timestamptz, %(before_id)s::bigint)
    ORDER BY own.deleted_at DESC, own.id DESC
    LIMIT %(limit)s::integer
) AS x;

-- name: lock_own_post
-- Lock a post of the viewer, unless it was deleted longer ago than the grace, and return what it is now.
SELECT
    p.id,
    p.type,
    p.status,
    p.content
FROM public.posts AS p
WHERE
    p.id = %(post_id)s
    AND p.user_id = %(viewer)s
    AND (p.deleted_at > now() - %(grace)s::interval) IS NOT FALSE
FOR NO KEY UPDATE;

-- name: set_post_status
-- Give a post of the viewer another status, where `deleted` remembers the one before; its place among drafts.
UPDATE public.posts
SET
    status = %(status)s::public.post_status,
    scheduled_for = coalesce(%(scheduled_for)s::timestamptz, scheduled_for)
WHERE id = %(post_id)s AND user_id = %(viewer)s
RETURNING
    user_id AS owner_id,
    updated_at,
    id;

-- name: restore_post
-- Give a deleted post of the viewer the status that it had; what was to be published meanwhile becomes a draft.
UPDATE public.posts
SET
    status = CASE
        WHEN status_before_delete = 'scheduled' AND scheduled_for <= now() THEN 'draft'
        ELSE coalesce(status_before_delete, 'draft')
    END
WHERE id = %(post_id)s AND user_id = %(viewer)s AND status = 'deleted';
