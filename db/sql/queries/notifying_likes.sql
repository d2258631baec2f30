-- name: notify_like
-- Notify a post's author of a like: not of one's own, and once for each person and post.
INSERT INTO public.notifications (user_id, type, actor_id, post_id, title)
SELECT
    p.user_id,
    'like',
    %(viewer)s,
    p.id,
    'New like'
FROM public.posts AS p
WHERE p.id = %(post_id)s AND p.user_id <> %(viewer)s
ON CONFLICT (user_id, actor_id, post_id, type) WHERE type IN ('like', 'repost') DO UPDATE
    SET comment_id = excluded.comment_id, withdrawn_at = NULL
    WHERE notifications.withdrawn_at IS NOT NULL;

-- name: withdraw_like
-- Withdraw the notification of the viewer's like of a post, or let it be about a comment on it that the viewer likes.
WITH other AS (
    SELECT
        n.id,
        liked.comment_id
    FROM public.posts AS p
    INNER JOIN public.notifications AS n ON p.user_id = n.user_id AND p.id = n.post_id
    CROSS JOIN
        LATERAL (
            SELECT c.id AS comment_id
            FROM (
                SELECT l.comment_id FROM app.comment_likes AS l
                WHERE l.user_id = %(viewer)s
                ORDER BY l.comment_id DESC
                LIMIT 200
            ) AS latest
            INNER JOIN public.comments AS c ON latest.comment_id = c.id
            WHERE c.post_id = p.id AND c.user_id = p.user_id AND c.deleted_at IS NULL
            ORDER BY c.id DESC
            LIMIT 1
        ) AS liked
    WHERE
        p.id = %(post_id)s
        AND n.actor_id = %(viewer)s
        AND n.type = 'like'
        AND n.comment_id IS NULL
        AND n.withdrawn_at IS NULL
),

kept AS (
    UPDATE public.notifications AS n
    SET comment_id = other.comment_id
    FROM other
    WHERE n.id = other.id
    RETURNING n.id
)

SELECT
    app.withdraw_notifications(
        array(
            SELECT n.id
            FROM public.posts AS p
            INNER JOIN public.notifications AS n ON p.user_id = n.user_id AND p.id = n.post_id
            WHERE
                p.id = %(post_id)s
                AND n.actor_id = %(viewer)s
                AND n.type = 'like'
                AND n.comment_id IS NULL
                AND n.id <> all(array(SELECT kept.id FROM kept))
            FOR UPDATE OF n
        ),
        %(viewer)s
    ) AS withdrawn;

-- name: notify_repost
-- Notify a post's author of a repost, once for each person: not of one's own, and not of one that the author may not
-- see. Of other words, the notification has the latest.
INSERT INTO public.notifications (user_id, type, actor_id, post_id, title, content)
SELECT
    p.user_id,
    'repost',
    r.user_id AS actor_id,
    p.id,
    'New repost',
    left(r.comment, 200)
FROM public.reposts AS r
INNER JOIN public.posts AS p ON r.post_id = p.id
WHERE
    r.user_id = %(viewer)s
    AND r.post_id = %(post_id)s
    AND p.user_id <> r.user_id
    AND EXISTS (
        SELECT 1 FROM app.visible_profiles(p.user_id) AS reposter
        WHERE reposter.user_id = r.user_id
    )
ON CONFLICT (user_id, actor_id, post_id, type) WHERE type IN ('like', 'repost') DO UPDATE
    SET content = excluded.content, withdrawn_at = NULL
    WHERE notifications.content IS DISTINCT FROM excluded.content OR notifications.withdrawn_at IS NOT NULL;

-- name: withdraw_repost
-- Withdraw the notification of the viewer's repost of a post, and its words.
SELECT
    app.withdraw_notifications(
        array(
            SELECT n.id
            FROM public.posts AS p
            INNER JOIN public.notifications AS n ON p.user_id = n.user_id AND p.id = n.post_id
            WHERE
                p.id = %(post_id)s
                AND n.actor_id = %(viewer)s
                AND n.type = 'repost'
            FOR UPDATE OF n
        ),
        %(viewer)s
    ) AS withdrawn;

-- name: notify_comment_like
-- Notify a comment's author of a like: not of one's own, and once for each person and post.
INSERT INTO public.notifications (user_id, type, actor_id, post_id, comment_id, title)
SELECT
    c.user_id,
    'like',
    %(viewer)s,
    c.post_id,
    c.id,
    'New like'
FROM public.comments AS c
WHERE c.id = %(comment_id)s AND c.user_id <> %(viewer)s
ON CONFLICT (user_id, actor_id, post_id, type) WHERE type IN ('like', 'repost') DO UPDATE
    SET comment_id = excluded.comment_id, withdrawn_at = NULL
    WHERE notifications.withdrawn_at IS NOT NULL;

-- name: withdraw_comment_like
-- Withdraw the notification of the viewer's like of a comment, or let it be about the post, where that is by the same
-- person, or another comment of theirs on it, if the viewer likes one of these.
WITH other AS (
    SELECT
        n.id,
        liked.comment_id
    FROM public.comments AS undone
    INNER JOIN public.notifications AS n ON undone.user_id = n.user_id AND undone.post_id = n.post_id
    CROSS JOIN
        LATERAL (
            SELECT NULL::bigint AS comment_id
            FROM public.posts AS p
            INNER JOIN public.post_interactions AS i ON p.id = i.post_id
            WHERE p.id = undone.post_id AND p.user_id = undone.user_id AND i.user_id = %(viewer)s AND i.type = 'like'
            UNION ALL
            SELECT c.id
            FROM (
                SELECT l.comment_id FROM app.comment_likes AS l
                WHERE l.user_id = %(viewer)s
                ORDER BY l.comment_id DESC
                LIMIT 200
            ) AS latest
            INNER JOIN public.comments AS c ON latest.comment_id = c.id
            WHERE c.post_id = undone.post_id AND c.user_id = undone.user_id AND c.deleted_at IS NULL
            LIMIT 1
        ) AS liked
    WHERE
        undone.id = %(comment_id)s
        AND n.actor_id = %(viewer)s
        AND n.type = 'like'
        AND n.comment_id = undone.id
        AND n.withdrawn_at IS NULL
),

kept AS (
    UPDATE public.notifications AS n
    SET comment_id = other.comment_id
    FROM other
    WHERE n.id = other.id
    RETURNING n.id
)

SELECT
    app.withdraw_notifications(
        array(
            SELECT n.id
            FROM public.comments AS c
            INNER JOIN public.notifications AS n ON c.user_id = n.user_id AND c.post_id = n.post_id
            WHERE
                c.id = %(comment_id)s
                AND n.actor_id = %(viewer)s
                AND n.type = 'like'
                AND n.comment_id = c.id
                AND n.id <> all(array(SELECT kept.id FROM kept))
            FOR UPDATE OF n
        ),
        %(viewer)s
    ) AS withdrawn;
