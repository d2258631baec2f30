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
    p.visibility,
    p.title,
    p.content,
    p.tags,
    p.language,
    p.is_language_detected,
    p.updated_at
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

-- name: due_posts
-- Scheduled posts of active people whose time has come, some of them, the one that waits longest first: those after
-- this place, and without those of these people.
SELECT
    p.scheduled_for,
    p.id,
    p.user_id
FROM public.posts AS p
WHERE
    p.status = 'scheduled'
    AND p.scheduled_for <= now()
    AND (p.scheduled_for, p.id) > (%(after_scheduled_for)s::timestamptz, %(after_id)s::bigint)
    AND p.user_id <> all(%(skipped_authors)s::bigint[])
    AND EXISTS (
        SELECT 1 FROM public.users AS author
        WHERE author.id = p.user_id AND author.status = 'active'
    )
ORDER BY p.scheduled_for, p.id
LIMIT %(limit)s::integer;

-- name: lock_due_post
-- Lock a scheduled post of an active person whose time has come, and return what it is now; none that others hold.
SELECT
    p.id,
    p.user_id,
    p.type,
    p.content
FROM public.posts AS p
WHERE
    p.id = %(post_id)s
    AND p.status = 'scheduled'
    AND p.scheduled_for <= now()
    AND EXISTS (
        SELECT 1 FROM public.users AS author
        WHERE author.id = p.user_id AND author.status = 'active'
    )
FOR NO KEY UPDATE SKIP LOCKED;

-- name: end_schedule
-- Publish a scheduled post, which is locked, or make a draft of it where it is not complete.
UPDATE public.posts
SET status = CASE WHEN %(is_complete)s THEN 'published' ELSE 'draft' END::public.post_status
WHERE id = %(post_id)s;

-- name: restore_post
-- Give a deleted post of the viewer the status that it had; what was to be published meanwhile becomes a draft.
UPDATE public.posts
SET
    status = CASE
        WHEN status_before_delete = 'scheduled' AND scheduled_for <= now() THEN 'draft'
        ELSE coalesce(status_before_delete, 'draft')
    END
WHERE id = %(post_id)s AND user_id = %(viewer)s AND status = 'deleted';

-- name: insert_post
-- Write a post of the viewer; its place among drafts.
INSERT INTO public.posts (
    user_id,
    type,
    status,
    visibility,
    title,
    content,
    content_html,
    tags,
    language,
    is_language_detected,
    media_urls,
    thumbnail_url,
    scheduled_for
)
VALUES (
    %(viewer)s,
    %(type)s::public.post_type,
    %(status)s::public.post_status,
    %(visibility)s::public.visibility,
    %(title)s,
    %(content)s,
    %(content_html)s,
    %(tags)s::text[],
    %(language)s,
    %(is_language_detected)s,
    %(media_urls)s::jsonb,
    %(thumbnail_url)s,
    %(scheduled_for)s::timestamptz
)
RETURNING
    user_id AS owner_id,
    updated_at,
    id;

-- name: update_post
-- Give a post of the viewer other contents; a published one was edited when its latest version was replaced.
UPDATE public.posts
SET
    type = %(type)s::public.post_type,
    visibility = %(visibility)s::public.visibility,
    title = %(title)s,
    content = %(content)s,
    content_html = %(content_html)s,
    tags = %(tags)s::text[],
    language = %(language)s,
    is_language_detected = %(is_language_detected)s,
    media_urls = %(media_urls)s::jsonb,
    thumbnail_url = %(thumbnail_url)s,
    edited_at = CASE
        WHEN status = 'published' AND %(is_edit)s
            THEN (
                SELECT max(r.replaced_at) FROM app.post_revisions AS r
                WHERE r.post_id = %(post_id)s
            )
        ELSE edited_at
    END
WHERE id = %(post_id)s AND user_id = %(viewer)s
RETURNING
    user_id AS owner_id,
    updated_at,
    id;

-- name: attach_media
-- Put files of the viewer into a post, in this order.
UPDATE public.post_media AS m
SET
    post_id = %(post_id)s,
    display_order = o.place
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS o (id, place)
WHERE m.id = o.id AND m.user_id = %(viewer)s;

-- name: detach_media
-- Take all files but these out of a post of the viewer. They stay in the viewer's storage.
UPDATE public.post_media
SET
    post_id = NULL,
    display_order = 0
WHERE post_id = %(post_id)s AND user_id = %(viewer)s AND id <> all(%(ids)s::bigint[]);
