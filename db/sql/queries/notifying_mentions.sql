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
