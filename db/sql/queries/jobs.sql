-- name: take_turn
-- Whether nobody else is at these jobs; from now to the end of the transaction nobody else is.
SELECT pg_try_advisory_xact_lock(hashtext('vrss jobs')) AS taken;

-- name: set_job_timeout
-- How long a statement of this transaction may take, in milliseconds: a job has more time than a request.
SELECT set_config('statement_timeout', %(milliseconds)s::text, TRUE) AS taken;

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

-- name: purge_hidden_notifications
-- Delete notifications that their readers can never see, some of them; their ids: of what somebody did across a block,
-- and of people whose accounts are gone.
DELETE FROM public.notifications
WHERE
    id IN (
        SELECT n.id
        FROM app.user_blocks AS b
        INNER JOIN public.notifications AS n ON b.blocker_id = n.user_id AND b.blocked_id = n.actor_id
        WHERE n.type <> 'system'
        UNION ALL
        SELECT n.id
        FROM app.user_blocks AS b
        INNER JOIN public.notifications AS n ON b.blocked_id = n.user_id AND b.blocker_id = n.actor_id
        WHERE n.type <> 'system'
        UNION ALL
        SELECT n.id
        FROM public.notifications AS n
        WHERE n.actor_id IS NULL AND n.type <> 'system'
        LIMIT %(limit)s::integer
    )
RETURNING id;
