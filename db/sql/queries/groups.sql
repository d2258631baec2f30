-- name: own_membership
-- What the viewer is in a conversation, for whoever has locked it: another statement sees what the lock has waited for.
SELECT
    m.conversation_id AS id,
    m.is_admin,
    c.kind
FROM app.memberships(%(viewer)s) AS m
INNER JOIN public.conversations AS c ON m.conversation_id = c.id
WHERE m.conversation_id = %(conversation_id)s;

-- name: create_group
-- Begin a group of the viewer, who is its admin, and of these people; its id.
WITH created AS (
    INSERT INTO public.conversations (kind, title, participant_ids)
    VALUES ('group', %(title)s, %(ids)s::bigint[] || %(viewer)s::bigint)
    RETURNING id
),

joined AS (
    INSERT INTO app.conversation_members (conversation_id, user_id, is_admin)
    SELECT
        created.id,
        p.user_id,
        p.user_id = %(viewer)s
    FROM created
    CROSS JOIN unnest(%(ids)s::bigint[] || %(viewer)s::bigint) AS p (user_id)
    ORDER BY p.user_id
)

SELECT created.id FROM created;

-- name: add_to_group
-- Make these people members of a group that is locked, or members again, who see what is written from now on. Who is in
-- it stays as they are.
WITH latest AS (
    SELECT g.id
    FROM public.messages AS g
    WHERE g.conversation_id = %(conversation_id)s
    ORDER BY g.created_at DESC, g.id DESC
    LIMIT 1
),

noted AS (
    UPDATE public.conversations
    SET participant_ids = participant_ids || %(ids)s::bigint[]
    WHERE id = %(conversation_id)s
)

INSERT INTO app.conversation_members (conversation_id, user_id, hidden_before_message_id)
SELECT
    %(conversation_id)s,
    p.user_id,
    coalesce((SELECT latest.id FROM latest), 0)
FROM unnest(%(ids)s::bigint[]) AS p (user_id)
ORDER BY p.user_id
ON CONFLICT (conversation_id, user_id) DO UPDATE
    SET
        hidden_before_message_id = excluded.hidden_before_message_id,
        last_message_at = excluded.last_message_at,
        joined_at = greatest(excluded.joined_at, conversation_members.left_at),
        muted = FALSE,
        left_at = NULL
    WHERE conversation_members.left_at IS NOT NULL;

-- name: size_of_group
-- How many people are in a group, and how many have ever been.
SELECT
    cardinality(c.participant_ids) AS ever,
    (
        SELECT count(*) FROM app.conversation_members AS m
        WHERE m.conversation_id = c.id AND m.left_at IS NULL
    ) AS present
FROM public.conversations AS c
WHERE c.id = %(conversation_id)s;

-- name: leave_group
-- End the membership of a person in a group that is locked; a row when there was one. By the clock: the transaction may
-- have begun before the one that made it.
UPDATE app.conversation_members AS m
SET
    left_at = greatest(clock_timestamp(), m.joined_at),
    is_admin = FALSE
WHERE m.conversation_id = %(conversation_id)s AND m.user_id = %(user_id)s AND m.left_at IS NULL
RETURNING m.conversation_id;

-- name: set_admin
-- Make a member of a group that is locked an admin of it, or none; a row when the person is in it.
UPDATE app.conversation_members AS m
SET is_admin = %(is_admin)s
WHERE m.conversation_id = %(conversation_id)s AND m.user_id = %(user_id)s AND m.left_at IS NULL
RETURNING m.conversation_id;

-- name: other_admin
-- The conversation, if somebody else than this person is an admin of it.
SELECT c.id
FROM public.conversations AS c
WHERE
    c.id = %(conversation_id)s
    AND EXISTS (
        SELECT 1 FROM app.conversation_members AS m
        WHERE m.conversation_id = c.id AND m.user_id <> %(user_id)s AND m.is_admin AND m.left_at IS NULL
    );

-- name: rename_group
-- Give a group that is locked another title.
UPDATE public.conversations
SET title = %(title)s
WHERE id = %(conversation_id)s;

-- name: pass_on_groups
-- Make who has been in it for longest the admin of each of these groups that has none, people who can use their account
-- before others.
UPDATE app.conversation_members AS heir
SET is_admin = TRUE
FROM (
    SELECT
        c.id AS conversation_id,
        (
            SELECT m.user_id
            FROM app.conversation_members AS m
            INNER JOIN public.users AS u ON m.user_id = u.id
            WHERE m.conversation_id = c.id AND m.left_at IS NULL
            ORDER BY u.status <> 'active', m.joined_at, m.user_id
            LIMIT 1
        ) AS user_id
    FROM public.conversations AS c
    WHERE
        c.id = any(%(ids)s::bigint[])
        AND c.kind = 'group'
        AND NOT EXISTS (
            SELECT 1 FROM app.conversation_members AS m
            WHERE m.conversation_id = c.id AND m.is_admin AND m.left_at IS NULL
        )
) AS next
WHERE heir.conversation_id = next.conversation_id AND heir.user_id = next.user_id;

-- name: end_deserted_groups
-- Note those of these groups that nobody is in: they are to be deleted.
INSERT INTO app.ended_conversations (conversation_id)
SELECT c.id
FROM public.conversations AS c
WHERE
    c.id = any(%(ids)s::bigint[])
    AND c.kind = 'group'
    AND NOT EXISTS (
        SELECT 1 FROM app.conversation_members AS m
        WHERE m.conversation_id = c.id AND m.left_at IS NULL
    )
ON CONFLICT (conversation_id) DO NOTHING;
