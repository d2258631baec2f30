-- name: take_turn
-- Whether nobody else is at these jobs; from now to the end of the transaction nobody else is.
SELECT pg_try_advisory_xact_lock(hashtext('vrss jobs')) AS taken;

-- name: purge_sessions
-- Delete sessions that are over, some of them; their ids.
DELETE FROM app.sessions
WHERE
    id IN (
        SELECT s.id FROM app.sessions AS s
        WHERE s.expires_at < now()
        ORDER BY s.expires_at
        LIMIT %(limit)s::integer
    )
RETURNING id;

-- name: purge_tokens
-- Delete the tokens of letters that can be used no more, some of them; their ids.
DELETE FROM app.verification_tokens
WHERE
    id IN (
        SELECT t.id FROM app.verification_tokens AS t
        WHERE t.expires_at < now()
        ORDER BY t.expires_at
        LIMIT %(limit)s::integer
    )
RETURNING id;

-- name: purge_posts
-- Delete for good what was deleted that long ago, some of it; the ids.
DELETE FROM public.posts
WHERE
    id IN (
        SELECT p.id FROM public.posts AS p
        WHERE p.status = 'deleted' AND p.deleted_at < now() - %(grace)s::interval
        ORDER BY p.deleted_at
        LIMIT %(limit)s::integer
    )
RETURNING id;

-- name: accounts_to_purge
-- The accounts that were deleted that long ago, the one that waits longest first. What stands in conversations for an
-- account that is gone was never anything but deleted, and is none of them.
SELECT u.id
FROM public.users AS u
WHERE
    u.status = 'deleted'
    AND u.status_before_delete IS NOT NULL
    AND u.deleted_at < now() - %(grace)s::interval
ORDER BY u.deleted_at, u.id
LIMIT %(limit)s::integer;

-- name: lock_deleted_account
-- Keep the deletion of an account from being cancelled, if it is still to be purged; its id.
SELECT u.id
FROM public.users AS u
WHERE
    u.id = %(user_id)s
    AND u.status = 'deleted'
    AND u.status_before_delete IS NOT NULL
    AND u.deleted_at < now() - %(grace)s::interval
FOR UPDATE;

-- name: purge_posts_of_user
-- Delete posts of a user, some of them; their ids.
DELETE FROM public.posts
WHERE
    id IN (
        SELECT p.id FROM public.posts AS p
        WHERE p.user_id = %(user_id)s
        ORDER BY p.id
        LIMIT %(limit)s::integer
    )
RETURNING id;

-- name: purge_comments_of_user
-- Delete comments of a user, some of them; their ids. Replies by others become comments of their own.
DELETE FROM public.comments
WHERE
    id IN (
        SELECT c.id FROM public.comments AS c
        WHERE c.user_id = %(user_id)s
        ORDER BY c.id
        LIMIT %(limit)s::integer
    )
RETURNING id;

-- name: replace_by_tombstone
-- Put an account that nobody has in the place of a user, in all conversations that it ever joined; their ids.
WITH tombstone AS (
    INSERT INTO public.users (username, email, password_hash, status, deleted_at)
    SELECT
        'deleted_' || name.word,
        name.word || '@deleted.invalid',
        '!',
        'deleted',
        now()
    FROM (SELECT left(replace(gen_random_uuid()::text, '-', ''), 20) AS word) AS name
    WHERE
        EXISTS (
            SELECT FROM public.conversations AS c
            WHERE c.participant_ids @> ARRAY[%(user_id)s::bigint]
        )
    RETURNING id
)

UPDATE public.conversations AS c
SET participant_ids = array_replace(c.participant_ids, %(user_id)s::bigint, tombstone.id)
FROM tombstone
WHERE c.participant_ids @> ARRAY[%(user_id)s::bigint]
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
