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

-- name: notify_storage
-- Notify a user, who has just got a file of so many bytes and whose storage is held, where it made their storage reach
-- 80, 95 or 100 percent: the highest that it reached, once for each time that it does.
INSERT INTO public.notifications (user_id, type, title, content)
SELECT
    s.user_id,
    'system',
    CASE reached.level
        WHEN 100 THEN 'Your storage is full'
        ELSE 'Your storage is ' || reached.level || ' percent full'
    END,
    'Deleted files give their bytes back at once.'
FROM public.storage_usage AS s
CROSS JOIN
    LATERAL (
        SELECT max(one.level) AS level
        FROM (VALUES (80), (95), (100)) AS one (level)
        WHERE
            100 * s.used_bytes >= one.level * s.quota_bytes
            AND 100 * (s.used_bytes - %(size)s::bigint) < one.level * s.quota_bytes
    ) AS reached
WHERE s.user_id = %(user_id)s AND reached.level IS NOT NULL;

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
INSERT INTO public.notifications (user_id, type, actor_id, conversation_id, message_id, title, content)
SELECT
    m.user_id,
    'message',
    g.sender_id,
    g.conversation_id,
    g.id AS message_id,
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

-- name: read_notifications_of_conversation
-- Mark as read what notified the viewer of messages of a conversation that it has read: the oldest 1,000, by id.
UPDATE public.notifications
SET
    is_read = TRUE,
    read_at = now()
WHERE
    id = any(array(
        SELECT n.id
        FROM public.notifications AS n
        WHERE
            n.user_id = %(viewer)s
            AND n.conversation_id = %(conversation_id)s
            AND NOT n.is_read
            AND n.type = 'message'
            AND (
                n.message_id IS NULL
                OR n.message_id <= (
                    SELECT m.last_read_message_id FROM app.conversation_members AS m
                    WHERE m.conversation_id = %(conversation_id)s AND m.user_id = %(viewer)s
                )
            )
        ORDER BY n.id
        LIMIT 1000
        FOR NO KEY UPDATE
    ));

-- name: requote_message
-- Let the notifications of a message quote it as it is now.
UPDATE public.notifications AS n
SET content = left(g.content, 200)
FROM public.messages AS g
WHERE
    g.id = %(message_id)s
    AND n.message_id = g.id
    AND n.withdrawn_at IS NULL
    AND n.content IS DISTINCT FROM left(g.content, 200);

-- name: delete_notifications_of_message
-- Delete the notifications of a message, which is deleted for good. Earlier releases did not note which message it is:
-- those are found by their time and by what they quote.
DELETE FROM public.notifications
WHERE
    id IN (
        SELECT noted.id FROM public.notifications AS noted
        WHERE noted.message_id = %(message_id)s
        UNION ALL
        SELECT n.id
        FROM public.messages AS g
        INNER JOIN app.conversation_members AS m ON g.conversation_id = m.conversation_id
        CROSS JOIN
            LATERAL (
                SELECT quoting.id
                FROM public.notifications AS quoting
                WHERE
                    quoting.user_id = m.user_id
                    AND quoting.created_at >= g.created_at - interval '1 minute'
                    AND quoting.created_at <= g.created_at + interval '1 minute'
                    AND quoting.message_id IS NULL
                    AND quoting.conversation_id = g.conversation_id
                    AND quoting.actor_id = g.sender_id
                    AND quoting.type = 'message'
                    AND quoting.content = left(g.content, 200)
                ORDER BY quoting.created_at DESC
                LIMIT 10
            ) AS n
        WHERE g.id = %(message_id)s
    );
