-- name: accounts_to_purge
-- The accounts that were deleted that long ago, without those that are skipped, the one that waits longest first.
-- What stands in conversations for an account that is gone was never anything but deleted, and is none of them.
SELECT u.id
FROM public.users AS u
WHERE
    u.status = 'deleted'
    AND u.status_before_delete IS NOT NULL
    AND u.deleted_at < now() - %(grace)s::interval
    AND u.id <> all(%(skipped)s::bigint[])
ORDER BY u.deleted_at, u.id
LIMIT %(limit)s::integer;

-- name: begin_account_purge
-- End the grace of a deleted account; its id. The mark is a time of deletion before all others, so that nobody restores
-- the account or logs in, and a purge that is broken off is due again. Whoever cancels the deletion meanwhile waits for
-- this row and looks at it again.
UPDATE public.users
SET deleted_at = '-infinity'
WHERE id = %(user_id)s AND status = 'deleted' AND status_before_delete IS NOT NULL
RETURNING id;

-- name: lock_deleted_account
-- Keep the status of an account as it is, if it is still to be purged; its id.
SELECT u.id
FROM public.users AS u
WHERE
    u.id = %(user_id)s
    AND u.status = 'deleted'
    AND u.status_before_delete IS NOT NULL
    AND u.deleted_at < now() - %(grace)s::interval
FOR UPDATE;

-- name: posts_of_user
-- The posts of a user, some of them.
SELECT p.id
FROM public.posts AS p
WHERE p.user_id = %(user_id)s
LIMIT %(limit)s::integer;

-- name: purge_posts_of_user
-- Delete those of these posts that are a user's; their ids.
DELETE FROM public.posts AS p
WHERE p.id = any(%(ids)s::bigint[]) AND p.user_id = %(user_id)s
RETURNING p.id;

-- name: comments_of_user
-- The comments of a user, some of them.
SELECT c.id
FROM public.comments AS c
WHERE c.user_id = %(user_id)s
LIMIT %(limit)s::integer;

-- name: part_replies
-- Let replies to these comments begin threads of their own, some of them; their ids. All that is below them rises.
UPDATE public.comments
SET parent_comment_id = NULL
WHERE
    id = any(array(
        SELECT t.id
        FROM unnest(%(ids)s::bigint[]) AS o (id)
        CROSS JOIN
            LATERAL (
                SELECT r.id FROM public.comments AS r
                WHERE r.parent_comment_id = o.id
                LIMIT %(limit)s::integer
            ) AS t
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: conversations_of_user
-- The conversations that a user has ever joined, some of them.
SELECT m.conversation_id AS id
FROM app.conversation_members AS m
WHERE m.user_id = %(user_id)s
LIMIT %(limit)s::integer;

-- name: purge_messages_without_others
-- Delete messages of those of these conversations that nobody else is in, some of them; their ids.
DELETE FROM public.messages
WHERE
    id = any(array(
        SELECT t.id
        FROM (
            SELECT asked.id
            FROM unnest(%(ids)s::bigint[]) AS asked (id)
            WHERE
                NOT EXISTS (
                    SELECT FROM app.conversation_members AS m
                    WHERE m.conversation_id = asked.id AND m.user_id <> %(user_id)s
                )
        ) AS o
        CROSS JOIN
            LATERAL (
                SELECT x.id FROM public.messages AS x
                WHERE x.conversation_id = o.id
                LIMIT %(limit)s::integer
            ) AS t
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: tombstone
-- An account that nobody has, to stand in conversations for one that is purged: this one, if there still is one with
-- this id, else a new one; its id.
WITH made AS (
    INSERT INTO public.users (username, email, password_hash, status, deleted_at)
    SELECT
        'deleted_' || name.word,
        name.word || '@deleted.invalid',
        '!',
        'deleted',
        now()
    FROM (SELECT left(replace(gen_random_uuid()::text, '-', ''), 20) AS word) AS name
    WHERE
        NOT EXISTS (
            SELECT FROM public.users AS u
            WHERE u.id = %(tombstone)s::bigint
        )
    RETURNING id
),

-- Everybody has a row there, and `vrss counters verify` wonders about those who have none.
storage AS (
    INSERT INTO public.storage_usage (user_id, quota_bytes)
    SELECT
        made.id,
        free.storage_bytes
    FROM made
    CROSS JOIN public.subscription_tiers AS free
    WHERE free.name = 'Free'
)

SELECT made.id
FROM made
UNION ALL
SELECT u.id
FROM public.users AS u
WHERE u.id = %(tombstone)s::bigint;

-- name: lock_conversations
-- Lock these conversations, before who is in them changes; their ids.
SELECT c.id
FROM public.conversations AS c
WHERE c.id = any(%(ids)s::bigint[])
ORDER BY c.id
FOR NO KEY UPDATE;

-- name: replace_by_tombstone
-- Put an account that nobody has in the place of a user, in these conversations; their ids.
WITH membership AS (
    DELETE FROM app.conversation_members
    WHERE user_id = %(user_id)s AND conversation_id = any(%(ids)s::bigint[])
)

UPDATE public.conversations AS c
SET participant_ids = array_replace(c.participant_ids, %(user_id)s::bigint, %(tombstone)s::bigint)
WHERE c.id = any(%(ids)s::bigint[])
RETURNING c.id;

-- name: delete_user
-- Delete an account with all that is its own.
DELETE FROM public.users
WHERE id = %(user_id)s;

-- name: delete_deserted_conversations
-- Delete those of these conversations that nobody is left of, and what stands in no other conversation for accounts
-- that are gone.
WITH deserted AS (
    DELETE FROM public.conversations AS c
    WHERE
        c.id = any(%(ids)s::bigint[])
        AND NOT EXISTS (
            SELECT FROM app.conversation_members AS m
            WHERE m.conversation_id = c.id
        )
    RETURNING
        c.id,
        c.participant_ids
)

DELETE FROM public.users AS u
WHERE
    u.id IN (SELECT unnest(d.participant_ids) FROM deserted AS d)
    AND u.status = 'deleted'
    AND u.status_before_delete IS NULL
    AND NOT EXISTS (
        SELECT FROM public.conversations AS c
        WHERE
            c.participant_ids @> ARRAY[u.id]
            AND c.id NOT IN (SELECT d.id FROM deserted AS d)
    );
