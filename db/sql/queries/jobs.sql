-- name: enqueue_job
-- Let a job wait for a worker, at once or until a time; its id. It is there when the transaction commits.
INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, args, scheduled_at)
VALUES (%(lane)s::text, %(task)s::text, %(arguments)s::text::jsonb, %(due_at)s::timestamptz)
RETURNING id;

-- name: jobs_after
-- The jobs that wait, run or have failed, from the first one after this id on, some of them, by id, without what they
-- were given.
SELECT
    j.id,
    j.task_name AS task,
    j.status::text AS status,
    j.attempts,
    j.scheduled_at AS due_at,
    j.args ->> 'error' AS error,
    (
        SELECT max(e.at) FROM jobs.procrastinate_events AS e
        WHERE e.job_id = j.id AND e.type <> 'scheduled'
    ) AS since
FROM jobs.procrastinate_jobs AS j
WHERE j.id > %(after)s::bigint
ORDER BY j.id
LIMIT %(limit)s::integer;

-- name: due_jobs
-- How many jobs of these lanes wait and could begin.
SELECT count(*)::integer AS jobs
FROM jobs.procrastinate_jobs AS j
WHERE j.status = 'todo' AND j.queue_name = any(%(lanes)s::text[]) AND coalesce(j.scheduled_at <= now(), TRUE);

-- name: retry_job
-- Let a job that has failed, or that waits for its next attempt, begin at once and with all its attempts; its id. What
-- was given up has nothing left to do it with.
UPDATE jobs.procrastinate_jobs
SET status = 'todo', scheduled_at = NULL, attempts = 0, args = args - 'error'
WHERE id = %(job_id)s::bigint AND status IN ('todo', 'failed', 'aborted', 'cancelled') AND NOT args ? 'given_up'
RETURNING id;

-- name: requeue_abandoned_jobs
-- Let jobs wait again whose workers are gone, or have been silent for so long, some of them; their ids.
UPDATE jobs.procrastinate_jobs
SET status = 'todo', scheduled_at = NULL, attempts = attempts + 1, abort_requested = FALSE, worker_id = NULL
WHERE
    id = any(array(
        SELECT j.id FROM jobs.procrastinate_jobs AS j
        WHERE
            j.status = 'doing'
            AND NOT EXISTS (
                SELECT FROM jobs.procrastinate_workers AS w
                WHERE w.id = j.worker_id AND w.last_heartbeat >= now() - %(silence)s::interval
            )
        ORDER BY j.id
        LIMIT %(limit)s::integer
        FOR UPDATE OF j SKIP LOCKED
    ))
RETURNING id;

-- name: note_job_error
-- Say with a job why its last attempt failed; its id.
UPDATE jobs.procrastinate_jobs
SET args = args || jsonb_build_object('error', %(error)s::text)
WHERE id = %(job_id)s::bigint
RETURNING id;

-- name: give_up_job
-- Delete what a job was given, and say why it failed for good; its id.
UPDATE jobs.procrastinate_jobs
SET args = jsonb_build_object('error', %(error)s::text, 'given_up', TRUE)
WHERE id = %(job_id)s::bigint
RETURNING id;

-- name: supersede_jobs
-- Delete the other jobs of a periodic task that wait or have failed: this one does what they would have; their ids.
DELETE FROM jobs.procrastinate_jobs
WHERE
    queue_name = %(lane)s::text
    AND task_name = %(task)s::text
    AND id <> %(job_id)s::bigint
    AND status NOT IN ('doing', 'succeeded')
RETURNING id;

-- name: purge_failed_jobs
-- Delete jobs that failed for good so long ago, some of them; their ids. Those that succeeded are gone at once.
DELETE FROM jobs.procrastinate_jobs
WHERE
    id = any(array(
        SELECT j.id FROM jobs.procrastinate_jobs AS j
        WHERE
            j.status NOT IN ('todo', 'doing')
            AND NOT EXISTS (
                SELECT FROM jobs.procrastinate_events AS e
                WHERE e.job_id = j.id AND e.at >= now() - %(age)s::interval
            )
        ORDER BY j.id
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: drop_emails_of_user
-- Delete the e-mails to a user that no worker has begun to send; their ids.
DELETE FROM jobs.procrastinate_jobs
WHERE queue_name = 'email' AND status <> 'doing' AND args ->> 'user_id' = %(user_id)s::bigint::text
RETURNING id;

-- name: recipient
-- The user whom an e-mail is for, unless the account was deleted for good; the id.
SELECT u.id FROM public.users AS u
WHERE u.id = %(user_id)s;
