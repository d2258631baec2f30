-- name: conversations_by_user_ids
-- For each user, if it is the viewer, the conversations that it is in and has not hidden, the one with the latest
-- message first.
-- keyset
SELECT
    c.id,
    c.kind,
    c.title,
    c.created_at,
    page.last_message_at,
    page.is_muted,
    page.is_admin,
    o.owner_id,
    page.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN
    LATERAL (
        SELECT
            candidate.conversation_id,
            candidate.last_message_at,
            candidate.muted AS is_muted,
            candidate.is_admin,
            candidate.nth = %(reach)s::integer AS is_stop
        FROM (
            SELECT
                cm.conversation_id,
                cm.last_message_at,
                cm.muted,
                cm.is_admin,
                cm.left_at,
                cm.hidden_at,
                row_number() OVER (ORDER BY cm.last_message_at DESC, cm.conversation_id DESC) AS nth
            FROM app.conversation_members AS cm
            WHERE
                cm.user_id = o.owner_id
                AND cm.user_id = %(viewer)s
                AND (cm.last_message_at, cm.conversation_id)
                < (%(after_last_message_at)s::timestamptz, %(after_id)s::bigint)
                AND (cm.last_message_at, cm.conversation_id)
                > (%(before_last_message_at)s::timestamptz, %(before_id)s::bigint)
            ORDER BY cm.last_message_at DESC, cm.conversation_id DESC
            LIMIT %(reach)s::integer
        ) AS candidate
        WHERE
            (candidate.left_at IS NULL AND candidate.hidden_at IS DISTINCT FROM candidate.last_message_at)
            OR candidate.nth = %(reach)s::integer
        ORDER BY candidate.last_message_at DESC, candidate.conversation_id DESC
        LIMIT %(limit)s::integer
    ) AS page
INNER JOIN public.conversations AS c ON page.conversation_id = c.id
ORDER BY page.last_message_at DESC, c.id DESC;

-- name: conversations_by_ids
-- The conversations among these ids that the viewer is in, in no order.
SELECT
    c.id,
    c.kind,
    c.title,
    c.created_at,
    m.last_message_at,
    m.muted AS is_muted,
    m.is_admin
FROM app.memberships(%(viewer)s) AS m
INNER JOIN public.conversations AS c ON m.conversation_id = c.id
WHERE m.conversation_id = any(%(ids)s::bigint[]);

-- name: participants_by_conversation_ids
-- The people who are in these conversations now, the first to join first.
SELECT
    m.conversation_id,
    m.user_id,
    m.is_admin,
    m.joined_at
FROM app.conversation_members AS m
WHERE m.conversation_id = any(%(ids)s::bigint[]) AND m.left_at IS NULL
ORDER BY m.conversation_id, m.joined_at, m.user_id;

-- name: unread_counts_by_conversation_ids
-- How many messages of others the viewer may see and has not read in each of these conversations, counted to 100 and
-- among the latest 500: however many people who cannot be seen have written, the badge costs no more.
SELECT
    m.conversation_id,
    n.unread_count
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN
    LATERAL (
        SELECT cm.*
        FROM app.memberships(%(viewer)s) AS cm
        WHERE cm.conversation_id = o.owner_id
        LIMIT 1
    ) AS m
CROSS JOIN
    LATERAL (
        SELECT count(*) AS unread_count
        FROM (
            SELECT 1
            FROM (
                SELECT
                    g.id,
                    g.sender_id
                FROM public.messages AS g
                WHERE
                    g.conversation_id = m.conversation_id
                    AND g.id > greatest(m.last_read_message_id, m.hidden_before_message_id)
                    AND g.deleted_at IS NULL
                ORDER BY g.id DESC
                LIMIT 500
            ) AS latest
            WHERE
                latest.sender_id IS DISTINCT FROM m.user_id
                AND EXISTS (
                    SELECT 1 FROM app.open_messages(%(viewer)s) AS g
                    WHERE g.id = latest.id OFFSET 0
                )
            LIMIT 100
        ) AS capped
    ) AS n;

-- name: messages_by_conversation_ids
-- For each conversation, the messages that the viewer may see, newest first; the content of a deleted one is NULL.
-- keyset
SELECT
    page.id,
    page.conversation_id,
    page.sender_id,
    page.content,
    page.created_at,
    page.edited_at,
    page.deleted_at,
    m.conversation_id AS owner_id,
    page.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN
    LATERAL (
        SELECT cm.*
        FROM app.memberships(%(viewer)s) AS cm
        WHERE cm.conversation_id = o.owner_id
        LIMIT 1
    ) AS m
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop,
        found.conversation_id,
        found.sender_id,
        CASE WHEN found.deleted_at IS NULL THEN found.content END AS content,
        found.edited_at,
        found.deleted_at
    FROM (
        SELECT
            said.created_at,
            said.id,
            row_number() OVER (ORDER BY said.created_at DESC, said.id DESC) AS nth
        FROM public.messages AS said
        WHERE
            said.conversation_id = m.conversation_id
            AND (said.created_at, said.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (said.created_at, said.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY said.created_at DESC, said.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    LEFT JOIN
        LATERAL (
            SELECT vp.*
            FROM app.open_messages(%(viewer)s) AS vp
            WHERE vp.id = candidate.id AND vp.id > m.hidden_before_message_id
            LIMIT 1
        ) AS found
        ON TRUE
    WHERE found.id IS NOT NULL OR candidate.nth = %(reach)s::integer
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS page;

-- name: messages_by_ids
-- The messages among these ids that the viewer may see, in no order; the content of a deleted one is NULL.
SELECT
    g.id,
    g.conversation_id,
    g.sender_id,
    CASE WHEN g.deleted_at IS NULL THEN g.content END AS content,
    g.created_at,
    g.edited_at,
    g.deleted_at
FROM app.visible_messages(%(viewer)s) AS g
WHERE g.id = any(%(ids)s::bigint[]);

-- name: lock_conversation
-- Lock a conversation that the viewer is in, so that its messages get their ids in the order of their commits.
SELECT c.id
FROM public.conversations AS c
INNER JOIN app.memberships(%(viewer)s) AS m ON c.id = m.conversation_id
WHERE c.id = %(conversation_id)s
FOR NO KEY UPDATE OF c;

-- name: recipients_by_ids
-- Those among these people whom the viewer may see, in no order: whether they are in this conversation already, if one
-- is given, and whether they take messages from the viewer.
SELECT
    u.id,
    m.user_id IS NOT NULL AS is_member,
    CASE coalesce(s.allow_messages_from::text, 'everyone')
        WHEN 'everyone' THEN TRUE
        WHEN 'followers'
            THEN
                EXISTS (
                    SELECT 1 FROM public.user_follows AS f
                    WHERE f.follower_id = %(viewer)s AND f.following_id = u.id
                )
        WHEN 'friends'
            THEN
                EXISTS (
                    SELECT 1
                    FROM public.friendships AS f
                    WHERE f.user_id_1 = least(u.id, %(viewer)s) AND f.user_id_2 = greatest(u.id, %(viewer)s)
                )
        ELSE FALSE
    END AS allowed
FROM app.visible_users(%(viewer)s) AS u
LEFT JOIN app.user_settings AS s ON u.id = s.user_id
LEFT JOIN
    app.conversation_members AS m
    ON m.conversation_id = %(conversation_id)s::bigint AND u.id = m.user_id AND m.left_at IS NULL
WHERE u.id = any(%(ids)s::bigint[]);

-- name: blocked_in_conversation
-- A direct conversation without another side that the viewer may see: blocked, suspended, or purged for good.
SELECT c.id
FROM public.conversations AS c
WHERE
    c.id = %(conversation_id)s
    AND c.kind = 'direct'
    AND NOT EXISTS (
        SELECT 1
        FROM app.conversation_members AS m
        INNER JOIN app.visible_users(%(viewer)s) AS u ON m.user_id = u.id
        WHERE m.conversation_id = c.id AND m.user_id <> %(viewer)s
    );

-- name: ensure_direct_conversation
-- The direct conversation of the viewer and the recipient, created when it is not there; its id.
INSERT INTO public.conversations (kind, participant_ids)
VALUES (
    'direct',
    ARRAY[least(%(viewer)s::bigint, %(recipient_id)s::bigint), greatest(%(viewer)s::bigint, %(recipient_id)s::bigint)]
)
ON CONFLICT (participant_ids) WHERE kind = 'direct' DO UPDATE
    SET kind = excluded.kind
RETURNING id;

-- name: ensure_members
-- Make these people members of a conversation, or members again.
INSERT INTO app.conversation_members (conversation_id, user_id)
SELECT
    %(conversation_id)s,
    p.user_id
FROM unnest(%(ids)s::bigint[]) AS p (user_id)
ON CONFLICT (conversation_id, user_id) DO UPDATE
    SET left_at = NULL
    WHERE conversation_members.left_at IS NOT NULL;

-- name: insert_message
-- Add a message of the viewer; its id and time.
INSERT INTO public.messages (conversation_id, sender_id, content, created_at)
VALUES (%(conversation_id)s, %(viewer)s, %(content)s, clock_timestamp())
RETURNING
    id,
    created_at;

-- name: touch_conversation
-- A message came: the conversation moves to the top for all its members who may see the sender, who has read it.
WITH touched AS (
    UPDATE public.conversations
    SET last_message_at = %(created_at)s
    WHERE id = %(conversation_id)s
)

UPDATE app.conversation_members
SET
    last_message_at = %(created_at)s,
    last_read_message_id = CASE WHEN user_id = %(viewer)s THEN %(message_id)s ELSE last_read_message_id END
WHERE
    conversation_id = %(conversation_id)s
    AND left_at IS NULL
    AND EXISTS (
        SELECT 1 FROM app.visible_users(conversation_members.user_id) AS sender
        WHERE sender.id = %(viewer)s
    );

-- name: mark_conversation_read
-- Remember that the viewer has read a conversation to its end; a row when the viewer is in it.
UPDATE app.conversation_members AS m
SET
    last_read_message_id = greatest(
        m.last_read_message_id,
        (
            SELECT g.id
            FROM public.messages AS g
            WHERE g.conversation_id = m.conversation_id
            ORDER BY g.id DESC
            LIMIT 1
        )
    )
WHERE m.conversation_id = %(conversation_id)s AND m.user_id = %(viewer)s AND m.left_at IS NULL
RETURNING m.conversation_id;

-- name: mark_conversation_read_to
-- Remember that the viewer has read a conversation up to a message of it; a row when the viewer is in it.
UPDATE app.conversation_members AS m
SET last_read_message_id = greatest(m.last_read_message_id, %(message_id)s::bigint)
WHERE m.conversation_id = %(conversation_id)s AND m.user_id = %(viewer)s AND m.left_at IS NULL
RETURNING m.conversation_id;

-- name: latest_message_of_others
-- The latest message of others in a conversation that the viewer may see and that is not deleted, among the latest 500.
SELECT latest.id
FROM app.memberships(%(viewer)s) AS m
CROSS JOIN
    LATERAL (
        SELECT
            said.id,
            said.sender_id
        FROM public.messages AS said
        WHERE
            said.conversation_id = m.conversation_id
            AND said.id > m.hidden_before_message_id
            AND said.deleted_at IS NULL
        ORDER BY said.id DESC
        LIMIT 500
    ) AS latest
WHERE
    m.conversation_id = %(conversation_id)s
    AND latest.sender_id IS DISTINCT FROM m.user_id
    AND EXISTS (
        SELECT 1 FROM app.open_messages(%(viewer)s) AS g
        WHERE g.id = latest.id OFFSET 0
    )
ORDER BY latest.id DESC
LIMIT 1;

-- name: mark_conversation_unread_from
-- Let a message and all after it count as unread by the viewer; a row when the viewer is in the conversation.
UPDATE app.conversation_members AS m
SET last_read_message_id = least(m.last_read_message_id, %(message_id)s::bigint - 1)
WHERE m.conversation_id = %(conversation_id)s AND m.user_id = %(viewer)s AND m.left_at IS NULL
RETURNING m.conversation_id;

-- name: set_conversation_muted
-- Let a conversation notify the viewer no more, or again; a row when the viewer is in it.
UPDATE app.conversation_members AS m
SET muted = %(muted)s
WHERE m.conversation_id = %(conversation_id)s AND m.user_id = %(viewer)s AND m.left_at IS NULL
RETURNING m.conversation_id;

-- name: hide_conversation
-- Take a conversation that is locked out of the viewer's inbox, with its messages so far; a row when the viewer is in
-- it.
UPDATE app.conversation_members AS m
SET
    hidden_at = m.last_message_at,
    hidden_before_message_id = greatest(
        m.hidden_before_message_id,
        (
            SELECT g.id
            FROM public.messages AS g
            WHERE g.conversation_id = m.conversation_id
            ORDER BY g.created_at DESC, g.id DESC
            LIMIT 1
        )
    )
WHERE m.conversation_id = %(conversation_id)s AND m.user_id = %(viewer)s AND m.left_at IS NULL
RETURNING m.conversation_id;
