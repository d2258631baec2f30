-- name: notifications_by_user_ids
-- For each user, if it is the viewer, its notifications, newest first.
-- keyset
SELECT
    page.id,
    page.type,
    page.actor_id,
    page.post_id,
    page.comment_id,
    page.conversation_id,
    page.title,
    page.content,
    page.action_url,
    page.is_read,
    page.read_at,
    page.created_at,
    o.owner_id,
    page.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop,
        found.type,
        found.actor_id,
        found.post_id,
        found.comment_id,
        found.conversation_id,
        found.title,
        found.content,
        found.action_url,
        found.is_read,
        found.read_at
    FROM (
        SELECT
            own.created_at,
            own.id,
            row_number() OVER (ORDER BY own.created_at DESC, own.id DESC) AS nth
        FROM public.notifications AS own
        WHERE
            own.user_id = o.owner_id
            AND own.user_id = %(viewer)s
            AND (own.created_at, own.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (own.created_at, own.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY own.created_at DESC, own.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    LEFT JOIN
        LATERAL (
            SELECT vp.*
            FROM app.visible_notifications(%(viewer)s) AS vp
            WHERE vp.id = candidate.id
            LIMIT 1
        ) AS found
        ON TRUE
    WHERE found.id IS NOT NULL OR candidate.nth = %(reach)s::integer
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS page;

-- name: unread_notifications_by_user_ids
-- For each user, if it is the viewer, the notifications that it may see and has not read, newest first.
-- They are found in the index of the unread and asked for leave one by one: with that question in sight, the planner
-- takes another index. The LIMIT is none; the sub-select keeps it from sorting all that is unread.
-- keyset
SELECT
    page.id,
    page.type,
    page.actor_id,
    page.post_id,
    page.comment_id,
    page.conversation_id,
    page.title,
    page.content,
    page.action_url,
    page.is_read,
    page.read_at,
    page.created_at,
    o.owner_id,
    page.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop,
        found.type,
        found.actor_id,
        found.post_id,
        found.comment_id,
        found.conversation_id,
        found.title,
        found.content,
        found.action_url,
        found.is_read,
        found.read_at
    FROM (
        SELECT
            unread.created_at,
            unread.id,
            row_number() OVER (ORDER BY unread.created_at DESC, unread.id DESC) AS nth
        FROM (
            SELECT
                news.created_at,
                news.id
            FROM public.notifications AS news
            WHERE
                news.user_id = o.owner_id
                AND news.user_id = %(viewer)s
                AND NOT news.is_read
                AND (news.created_at, news.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
                AND (news.created_at, news.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
            ORDER BY news.created_at DESC
            LIMIT (SELECT 2147483647)
        ) AS unread
        ORDER BY unread.created_at DESC, unread.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    LEFT JOIN
        LATERAL (
            SELECT vp.*
            FROM app.visible_notifications(%(viewer)s) AS vp
            WHERE vp.id = candidate.id
            LIMIT 1
        ) AS found
        ON TRUE
    WHERE found.id IS NOT NULL OR candidate.nth = %(reach)s::integer
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS page;

-- name: notifications_of_types_by_user_ids
-- For each user, if it is the viewer, its notifications of these types, newest first; with `unread_only` those that are
-- not read. Each type has a place in the index: a rare one is found behind any number of others.
-- keyset
SELECT
    page.id,
    page.type,
    page.actor_id,
    page.post_id,
    page.comment_id,
    page.conversation_id,
    page.title,
    page.content,
    page.action_url,
    page.is_read,
    page.read_at,
    page.created_at,
    o.owner_id,
    page.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop,
        found.type,
        found.actor_id,
        found.post_id,
        found.comment_id,
        found.conversation_id,
        found.title,
        found.content,
        found.action_url,
        found.is_read,
        found.read_at
    FROM (
        SELECT
            of_types.created_at,
            of_types.id,
            row_number() OVER (ORDER BY of_types.created_at DESC, of_types.id DESC) AS nth
        FROM unnest(%(types)s::public.notification_type[]) AS t (type)
        CROSS JOIN
            LATERAL (
                SELECT
                    own.created_at,
                    own.id
                FROM public.notifications AS own
                WHERE
                    own.user_id = o.owner_id
                    AND own.user_id = %(viewer)s
                    AND own.type = t.type
                    AND (own.created_at, own.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
                    AND (own.created_at, own.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
                ORDER BY own.created_at DESC, own.id DESC
                LIMIT %(reach)s::integer
            ) AS of_types
        ORDER BY of_types.created_at DESC, of_types.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    LEFT JOIN
        LATERAL (
            SELECT vp.*
            FROM app.visible_notifications(%(viewer)s) AS vp
            WHERE vp.id = candidate.id AND NOT (vp.is_read AND %(unread_only)s::boolean)
            LIMIT 1
        ) AS found
        ON TRUE
    WHERE found.id IS NOT NULL OR candidate.nth = %(reach)s::integer
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS page;

-- name: notifications_by_ids
-- The notifications of the viewer among these ids, in no order.
SELECT
    n.id,
    n.type,
    n.actor_id,
    n.post_id,
    n.comment_id,
    n.conversation_id,
    n.title,
    n.content,
    n.action_url,
    n.is_read,
    n.read_at,
    n.created_at
FROM app.visible_notifications(%(viewer)s) AS n
WHERE n.id = any(%(ids)s::bigint[]);

-- name: unread_notification_counts_by_user_ids
-- For each user, if it is the viewer, how many notifications it may see and has not read, counted to 100 and among the
-- latest 500: however many cannot be seen, the badge costs no more.
SELECT
    o.owner_id AS user_id,
    n.total
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT count(*) AS total
    FROM (
        SELECT 1
        FROM (
            SELECT unread.id
            FROM public.notifications AS unread
            WHERE unread.user_id = o.owner_id AND unread.user_id = %(viewer)s AND NOT unread.is_read
            ORDER BY unread.created_at DESC
            LIMIT 500
        ) AS latest
        WHERE
            EXISTS (
                SELECT 1 FROM app.visible_notifications(%(viewer)s) AS found
                WHERE found.id = latest.id OFFSET 0
            )
        LIMIT 100
    ) AS capped
) AS n;

-- name: mark_notifications_read
-- Mark these notifications of the viewer as read; a row for each that the viewer may see, read before or not.
UPDATE public.notifications
SET
    is_read = TRUE,
    read_at = coalesce(read_at, now())
WHERE
    id IN (
        SELECT n.id FROM app.visible_notifications(%(viewer)s) AS n
        WHERE n.id = any(%(ids)s::bigint[])
    )
RETURNING id;

-- name: place_of_notification
-- When a notification of the viewer was made, if they may see it.
SELECT
    n.id,
    n.created_at
FROM app.visible_notifications(%(viewer)s) AS n
WHERE n.id = %(notification_id)s;

-- name: mark_all_notifications_read
-- Mark the latest unread notifications of the viewer as read, up to the `limit` and from this place on backwards; their
-- ids. Those that cannot be seen are among them, so that they are counted no more when they can.
UPDATE public.notifications
SET
    is_read = TRUE,
    read_at = now()
WHERE
    id IN (
        SELECT chosen.id
        FROM public.notifications AS chosen
        WHERE
            chosen.id IN (
                SELECT unread.id
                FROM public.notifications AS unread
                WHERE
                    unread.user_id = %(viewer)s
                    AND NOT unread.is_read
                    AND (unread.created_at, unread.id) <= (%(created_at)s::timestamptz, %(last_id)s::bigint)
                ORDER BY unread.created_at DESC
                LIMIT %(limit)s::integer
            )
        ORDER BY chosen.id
        FOR NO KEY UPDATE
    )
RETURNING id;

-- name: delete_notifications
-- Delete these notifications of the viewer; the ids of those that the viewer could see.
DELETE FROM public.notifications
WHERE
    id IN (
        SELECT n.id FROM app.visible_notifications(%(viewer)s) AS n
        WHERE n.id = any(%(ids)s::bigint[])
    )
RETURNING id;
