-- name: delete_unread_notifications_by
-- Delete what a user did that the viewer has not read, among the latest 1000 unread; their ids.
DELETE FROM public.notifications
WHERE
    id IN (
        SELECT latest.id
        FROM (
            SELECT
                n.id,
                n.actor_id
            FROM public.notifications AS n
            WHERE n.user_id = %(viewer)s AND NOT n.is_read
            ORDER BY n.created_at DESC
            LIMIT 1000
        ) AS latest
        WHERE latest.actor_id = %(user_id)s
    )
RETURNING id;

-- name: notify_follow
-- Notify a user of a new follower, and both of a friendship, when it is one now. Never twice for the same pair: the
-- notification of the follower's request becomes that of the follow, and one that was withdrawn is there again.
WITH news AS (
    SELECT
        %(user_id)s::bigint AS user_id,
        %(viewer)s::bigint AS actor_id,
        'follow'::public.notification_type AS type
    UNION ALL
    SELECT
        pair.user_id,
        pair.actor_id,
        'friend_request'::public.notification_type AS type
    FROM (VALUES (%(user_id)s::bigint, %(viewer)s::bigint), (%(viewer)s::bigint, %(user_id)s::bigint))
        AS pair (user_id, actor_id)
    WHERE EXISTS (
        SELECT 1
        FROM public.friendships AS f
        WHERE
            f.user_id_1 = least(pair.user_id, pair.actor_id)
            AND f.user_id_2 = greatest(pair.user_id, pair.actor_id)
    )
)

INSERT INTO public.notifications (user_id, type, actor_id, title, action_url)
SELECT
    n.user_id,
    n.type,
    n.actor_id,
    CASE n.type WHEN 'follow' THEN 'New follower' ELSE 'New friend' END,
    '/users/' || u.username
FROM news AS n
INNER JOIN public.users AS u ON n.actor_id = u.id
ON CONFLICT (user_id, actor_id, type) WHERE type IN ('follow', 'friend_request') DO UPDATE
    SET title = excluded.title, withdrawn_at = NULL
    WHERE notifications.title = 'New follow request' OR notifications.withdrawn_at IS NOT NULL;

-- name: withdraw_acquaintance
-- Withdraw what two people were notified of each other and what the viewer has ended: a follow, a request to follow,
-- their friendship. Each of the four is looked up by itself, by its key.
SELECT
    app.withdraw_notifications(
        array(
            SELECT n.id
            FROM public.notifications AS n
            WHERE
                n.id = any(
                    array(
                        SELECT found.id
                        FROM
                            (VALUES (%(user_id)s::bigint, %(viewer)s::bigint), (%(viewer)s, %(user_id)s))
                                AS pair (user_id, actor_id)
                        CROSS JOIN LATERAL (
                            SELECT follow.id
                            FROM public.notifications AS follow
                            WHERE
                                follow.user_id = pair.user_id
                                AND follow.actor_id = pair.actor_id
                                AND follow.type = 'follow'
                                AND NOT EXISTS (
                                    SELECT 1 FROM public.user_follows AS uf
                                    WHERE uf.follower_id = pair.actor_id AND uf.following_id = pair.user_id
                                )
                                AND NOT EXISTS (
                                    SELECT 1 FROM app.follow_requests AS r
                                    WHERE r.requester_id = pair.actor_id AND r.target_id = pair.user_id
                                )
                            UNION ALL
                            SELECT friend.id
                            FROM public.notifications AS friend
                            WHERE
                                friend.user_id = pair.user_id
                                AND friend.actor_id = pair.actor_id
                                AND friend.type = 'friend_request'
                                AND NOT EXISTS (
                                    SELECT 1 FROM public.friendships AS f
                                    WHERE
                                        f.user_id_1 = least(pair.user_id, pair.actor_id)
                                        AND f.user_id_2 = greatest(pair.user_id, pair.actor_id)
                                )
                            LIMIT 2
                        ) AS found
                    )
                )
            ORDER BY n.id
            FOR UPDATE
        ),
        %(viewer)s
    ) AS withdrawn;

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

-- name: notify_mentions
-- Notify the people whom these posts mention and who may see them: nobody of their own posts, and of each post once.
INSERT INTO public.notifications (user_id, type, actor_id, post_id, title, content)
SELECT
    m.user_id,
    'mention',
    p.user_id AS actor_id,
    p.id,
    'New mention',
    left(p.content, 200)
FROM public.posts AS p
INNER JOIN app.post_mentions AS m ON p.id = m.post_id
WHERE
    p.id = any(%(post_ids)s::bigint[])
    AND m.user_id <> p.user_id
    AND EXISTS (
        SELECT 1 FROM app.visible_posts(m.user_id) AS vp
        WHERE vp.id = p.id OFFSET 0
    )
ON CONFLICT (post_id, user_id) WHERE type = 'mention' AND comment_id IS NULL DO UPDATE
    SET content = excluded.content, withdrawn_at = NULL
    WHERE notifications.withdrawn_at IS NOT NULL;

-- name: withdraw_mentions
-- Withdraw the notifications of a post's mentions of people whom it no longer names.
SELECT
    app.withdraw_notifications(
        array(
            SELECT n.id
            FROM public.notifications AS n
            WHERE
                n.post_id = %(post_id)s
                AND n.type = 'mention'
                AND n.comment_id IS NULL
                AND NOT EXISTS (
                    SELECT 1 FROM app.post_mentions AS m
                    WHERE m.post_id = n.post_id AND m.user_id = n.user_id
                )
            ORDER BY n.id
            FOR UPDATE
        ),
        NULL
    ) AS withdrawn;

-- name: requote_mentions
-- Let the notifications of a post's mentions quote it as it is now.
UPDATE public.notifications AS n
SET content = left(p.content, 200)
FROM public.posts AS p
WHERE
    p.id = %(post_id)s
    AND n.post_id = p.id
    AND n.type = 'mention'
    AND n.comment_id IS NULL
    AND n.withdrawn_at IS NULL
    AND n.content IS DISTINCT FROM left(p.content, 200);

-- name: notify_unpublished
-- Notify the author of a scheduled post that it was not published, and why.
INSERT INTO public.notifications (user_id, type, title, content)
SELECT
    p.user_id,
    'system',
    'A scheduled post was not published',
    concat_ws(
        ' ',
        '“' || coalesce(nullif(left(p.title, 100), ''), nullif(left(p.content, 100), '')) || '”:',
        %(reason)s::text,
        'It is among your drafts.'
    )
FROM public.posts AS p
WHERE p.id = %(post_id)s;

-- name: notify_comment
-- Tell a post's author of a comment, and a comment's author of a reply; each person once, and nobody of its own.
INSERT INTO public.notifications (user_id, type, actor_id, post_id, comment_id, title, content)
SELECT DISTINCT ON (t.user_id)
    t.user_id,
    'comment'::public.notification_type AS type,
    c.user_id AS actor_id,
    c.post_id,
    c.id,
    t.title,
    left(c.content, 200)
FROM public.comments AS c
INNER JOIN public.posts AS p ON c.post_id = p.id
LEFT JOIN public.comments AS parent ON c.parent_comment_id = parent.id
CROSS JOIN
    LATERAL (VALUES (parent.user_id, 'New reply', 1), (p.user_id, 'New comment', 2))
        AS t (user_id, title, rank)
WHERE c.id = %(comment_id)s AND t.user_id IS NOT NULL AND t.user_id <> c.user_id
ORDER BY t.user_id, t.rank;

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

-- name: notify_comment_mentions
-- Notify those of these people who may see a comment of its mention of them, once each: not its author, nor those whom
-- it notifies anyway, as the authors of the post and of what it replies to. Those who are gone are left out, and a key
-- keeps the others.
INSERT INTO public.notifications (user_id, type, actor_id, post_id, comment_id, title, content)
SELECT
    u.id AS user_id,
    'mention',
    c.user_id AS actor_id,
    c.post_id,
    c.id AS comment_id,
    'New mention',
    left(c.content, 200)
FROM public.comments AS c
INNER JOIN public.posts AS p ON c.post_id = p.id
LEFT JOIN public.comments AS parent ON c.parent_comment_id = parent.id
INNER JOIN public.users AS u ON u.id = any(%(user_ids)s::bigint[])
WHERE
    c.id = %(comment_id)s
    AND u.id NOT IN (c.user_id, p.user_id)
    AND u.id IS DISTINCT FROM parent.user_id
    AND EXISTS (
        SELECT 1 FROM app.visible_comments(u.id) AS vc
        WHERE vc.id = c.id OFFSET 0
    )
FOR KEY SHARE OF u
ON CONFLICT (comment_id, user_id) WHERE comment_id IS NOT NULL AND type IN ('comment', 'mention') DO UPDATE
    SET content = excluded.content, withdrawn_at = NULL
    WHERE notifications.withdrawn_at IS NOT NULL;

-- name: withdraw_comment_mentions
-- Withdraw the notifications of a comment's mentions of people other than these.
SELECT
    app.withdraw_notifications(
        array(
            SELECT n.id
            FROM public.notifications AS n
            WHERE
                n.comment_id = %(comment_id)s
                AND n.type = 'mention'
                AND n.user_id <> all(%(user_ids)s::bigint[])
            ORDER BY n.id
            FOR UPDATE
        ),
        NULL
    ) AS withdrawn;

-- name: requote_comment
-- Let the notifications of a comment quote it as it is now.
UPDATE public.notifications AS n
SET content = left(c.content, 200)
FROM public.comments AS c
WHERE
    c.id = %(comment_id)s
    AND n.comment_id = c.id
    AND n.type IN ('comment', 'mention')
    AND n.withdrawn_at IS NULL
    AND n.content IS DISTINCT FROM left(c.content, 200);

-- name: delete_notifications_of_comment
-- Delete the notifications that quote a comment, which is deleted for good.
DELETE FROM public.notifications
WHERE comment_id = %(comment_id)s AND type IN ('comment', 'mention');

-- name: notify_message
-- Tell the other members of a message, unless they have muted the conversation or may not see its sender.
INSERT INTO public.notifications (user_id, type, actor_id, conversation_id, title, content)
SELECT
    m.user_id,
    'message',
    g.sender_id,
    g.conversation_id,
    'New message',
    left(g.content, 200)
FROM public.messages AS g
INNER JOIN app.conversation_members AS m ON g.conversation_id = m.conversation_id
WHERE
    g.id = %(message_id)s
    AND m.user_id <> g.sender_id
    AND m.left_at IS NULL
    AND NOT m.muted
    AND EXISTS (
        SELECT 1 FROM app.visible_users(m.user_id) AS sender
        WHERE sender.id = g.sender_id
    );
