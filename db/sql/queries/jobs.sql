-- name: acquire_jobs_lock
-- Whether no other process runs these jobs; if so, none does until the end of the transaction.
SELECT pg_try_advisory_xact_lock(hashtext('vrss jobs')) AS taken;

-- name: set_job_timeout
-- How long a statement of this transaction may take, in milliseconds: a job has more time than a request.
SELECT set_config('statement_timeout', %(milliseconds)s::text, TRUE) AS taken;

-- name: purge_sessions
-- Delete sessions that are over, some of them; their ids.
DELETE FROM app.sessions
WHERE
    id = any(array(
        SELECT s.id FROM app.sessions AS s
        WHERE s.expires_at < now()
        ORDER BY s.expires_at
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_tokens
-- Delete tokens from e-mails that have expired or been used, some of them; their ids.
DELETE FROM app.verification_tokens
WHERE
    id = any(array(
        SELECT t.id FROM app.verification_tokens AS t
        WHERE t.expires_at < now()
        ORDER BY t.expires_at
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_notifications_without_actor
-- Delete notifications of what people did whose accounts are gone, some of them; their ids.
DELETE FROM public.notifications
WHERE
    id = any(array(
        SELECT n.id FROM public.notifications AS n
        WHERE n.actor_id IS NULL AND n.type <> 'system'
        ORDER BY n.id
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: blocks_after
-- The blocks that follow this one, some of them, in the order of their keys.
SELECT
    b.blocker_id,
    b.blocked_id
FROM app.user_blocks AS b
WHERE (b.blocker_id, b.blocked_id) > (%(blocker_id)s::bigint, %(blocked_id)s::bigint)
ORDER BY b.blocker_id, b.blocked_id
LIMIT %(limit)s::integer;

-- name: purge_notifications_across_blocks
-- Delete what either of two people was told of the other where one has blocked the other, some of it; the ids. For the
-- blocks that follow the first of these, up to the second.
DELETE FROM public.notifications
WHERE
    id = any(array(
        SELECT hidden.id
        FROM app.user_blocks AS b
        CROSS JOIN
            LATERAL (VALUES (b.blocker_id, b.blocked_id), (b.blocked_id, b.blocker_id)) AS pair (user_id, actor_id)
        CROSS JOIN
            LATERAL (
                SELECT n.id FROM public.notifications AS n
                WHERE n.actor_id = pair.actor_id AND n.user_id = pair.user_id AND n.type <> 'system'
                LIMIT %(limit)s::integer
            ) AS hidden
        WHERE
            (b.blocker_id, b.blocked_id) > (%(after_blocker_id)s::bigint, %(after_blocked_id)s::bigint)
            AND (b.blocker_id, b.blocked_id) <= (%(last_blocker_id)s::bigint, %(last_blocked_id)s::bigint)
        LIMIT %(limit)s::integer
    ))
RETURNING id;
