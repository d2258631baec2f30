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

-- name: purge_idempotency_keys
-- Delete keys that were used so long ago, some of them; whose they were.
DELETE FROM app.idempotency_keys
WHERE
    ctid = any(array(
        SELECT k.ctid FROM app.idempotency_keys AS k
        WHERE k.created_at <= now() - %(lifetime)s::interval
        ORDER BY k.created_at
        LIMIT %(limit)s::integer
        FOR UPDATE
    ))
RETURNING user_id AS id;

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

-- name: posts_to_purge
-- The posts that were deleted that long ago, without those that are skipped, the one that waits longest first.
SELECT p.id
FROM public.posts AS p
WHERE
    p.status = 'deleted'
    AND p.deleted_at < now() - %(grace)s::interval
    AND p.id <> all(%(skipped)s::bigint[])
ORDER BY p.deleted_at, p.id
LIMIT %(limit)s::integer;

-- name: posts_still_to_purge
-- Those of these posts that were deleted that long ago.
SELECT p.id
FROM public.posts AS p
WHERE p.id = any(%(ids)s::bigint[]) AND p.status = 'deleted' AND p.deleted_at < now() - %(grace)s::interval;

-- name: purge_interactions_on_posts
-- Delete who liked, bookmarked or shared these posts, some of them; their ids.
DELETE FROM public.post_interactions
WHERE
    id = any(array(
        SELECT t.id
        FROM unnest(%(ids)s::bigint[]) AS o (id)
        CROSS JOIN
            LATERAL (
                SELECT i.id FROM public.post_interactions AS i
                WHERE i.post_id = o.id
                LIMIT %(limit)s::integer
            ) AS t
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_reposts_on_posts
-- Delete reposts of these posts, some of them; their ids.
DELETE FROM public.reposts
WHERE
    id = any(array(
        SELECT t.id
        FROM unnest(%(ids)s::bigint[]) AS o (id)
        CROSS JOIN
            LATERAL (
                SELECT r.id FROM public.reposts AS r
                WHERE r.post_id = o.id
                LIMIT %(limit)s::integer
            ) AS t
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_notifications_on_posts
-- Delete notifications about these posts and the comments on them, some of them; their ids.
DELETE FROM public.notifications
WHERE
    id = any(array(
        SELECT t.id
        FROM unnest(%(ids)s::bigint[]) AS o (id)
        CROSS JOIN
            LATERAL (
                SELECT n.id FROM public.notifications AS n
                WHERE n.post_id = o.id
                LIMIT %(limit)s::integer
            ) AS t
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_likes_of_comments_on_posts
-- Delete likes of comments on these posts, some of them; the comment of each.
DELETE FROM app.comment_likes AS l
USING (
    SELECT
        t.user_id,
        t.comment_id
    FROM unnest(%(ids)s::bigint[]) AS o (id)
    CROSS JOIN
        LATERAL (
            SELECT
                i.user_id,
                i.comment_id
            FROM public.comments AS c
            CROSS JOIN
                LATERAL (
                    SELECT
                        cl.user_id,
                        cl.comment_id
                    FROM app.comment_likes AS cl
                    WHERE cl.comment_id = c.id
                    LIMIT %(limit)s::integer
                ) AS i
            WHERE c.post_id = o.id AND c.likes_count > 0
            LIMIT %(limit)s::integer
        ) AS t
    LIMIT %(limit)s::integer
) AS due
WHERE l.user_id = due.user_id AND l.comment_id = due.comment_id
RETURNING l.comment_id;

-- name: purge_comments_on_posts
-- Delete comments on these posts, some of them; their ids. The latest first: a reply is younger than its parent, and so
-- no parent takes its replies along in one statement.
DELETE FROM public.comments
WHERE
    id = any(array(
        SELECT t.id
        FROM unnest(%(ids)s::bigint[]) AS o (id)
        CROSS JOIN
            LATERAL (
                SELECT c.id FROM public.comments AS c
                WHERE c.post_id = o.id
                ORDER BY c.id DESC
                LIMIT %(limit)s::integer
            ) AS t
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_posts
-- Delete for good those of these posts that were deleted that long ago; their ids.
DELETE FROM public.posts AS p
WHERE p.id = any(%(ids)s::bigint[]) AND p.status = 'deleted' AND p.deleted_at < now() - %(grace)s::interval
RETURNING p.id;

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

-- name: purge_interactions_of_user
-- Delete what a user liked, bookmarked and shared, some of them; their ids.
DELETE FROM public.post_interactions
WHERE
    id = any(array(
        SELECT t.id FROM public.post_interactions AS t
        WHERE t.user_id = %(user_id)s
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_comment_likes_of_user
-- Delete a user's likes of comments, some of them; the comment of each.
DELETE FROM app.comment_likes AS l
USING (
    SELECT t.comment_id FROM app.comment_likes AS t
    WHERE t.user_id = %(user_id)s
    ORDER BY t.comment_id
    LIMIT %(limit)s::integer
) AS due
WHERE l.user_id = %(user_id)s AND l.comment_id = due.comment_id
RETURNING l.comment_id;

-- name: purge_likes_of_comments_of_user
-- Delete likes of a user's comments, some of them; the comment of each.
DELETE FROM app.comment_likes AS l
USING (
    SELECT
        t.user_id,
        t.comment_id
    FROM public.comments AS c
    CROSS JOIN
        LATERAL (
            SELECT
                i.user_id,
                i.comment_id
            FROM app.comment_likes AS i
            WHERE i.comment_id = c.id
            LIMIT %(limit)s::integer
        ) AS t
    WHERE c.user_id = %(user_id)s AND c.likes_count > 0
    LIMIT %(limit)s::integer
) AS due
WHERE l.user_id = due.user_id AND l.comment_id = due.comment_id
RETURNING l.comment_id;

-- name: purge_reposts_of_user
-- Delete reposts of a user, some of them; their ids.
DELETE FROM public.reposts
WHERE
    id = any(array(
        SELECT t.id FROM public.reposts AS t
        WHERE t.user_id = %(user_id)s
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_notifications_of_user
-- Delete notifications of a user, some of them; their ids.
DELETE FROM public.notifications
WHERE
    id = any(array(
        SELECT t.id FROM public.notifications AS t
        WHERE t.user_id = %(user_id)s
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_notifications_by_user
-- Delete notifications of what a user did, which say nothing without a name, some of them; their ids.
DELETE FROM public.notifications
WHERE
    id = any(array(
        SELECT t.id FROM public.notifications AS t
        WHERE t.actor_id = %(user_id)s
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_follows_by_follower
-- Delete follows of which a user is the follower side, some of them; the other side of each.
DELETE FROM public.user_follows AS f
USING (
    SELECT t.following_id FROM public.user_follows AS t
    WHERE t.follower_id = %(user_id)s
    ORDER BY t.following_id
    LIMIT %(limit)s::integer
) AS due
WHERE f.follower_id = %(user_id)s AND f.following_id = due.following_id
RETURNING f.following_id;

-- name: purge_follows_by_following
-- Delete follows of which a user is the following side, some of them; the other side of each.
DELETE FROM public.user_follows AS f
USING (
    SELECT t.follower_id FROM public.user_follows AS t
    WHERE t.following_id = %(user_id)s
    LIMIT %(limit)s::integer
) AS due
WHERE f.following_id = %(user_id)s AND f.follower_id = due.follower_id
RETURNING f.follower_id;

-- name: purge_follow_requests_of_user
-- Delete requests to follow that a user has made or received, some of them; their ids.
DELETE FROM app.follow_requests
WHERE
    id = any(array(
        (
            SELECT t.id FROM app.follow_requests AS t
            WHERE t.target_id = %(user_id)s
            LIMIT %(limit)s::integer
        )
        UNION ALL
        (
            SELECT t.id FROM app.follow_requests AS t
            WHERE t.requester_id = %(user_id)s
            LIMIT %(limit)s::integer
        )
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_messages_of_user
-- Take the name of a user from its messages, some of them, which stay in their conversations; their ids.
UPDATE public.messages
SET sender_id = NULL
WHERE
    id = any(array(
        SELECT t.id FROM public.messages AS t
        WHERE t.sender_id = %(user_id)s
        LIMIT %(limit)s::integer
    ))
RETURNING id;

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

-- name: purge_comments_of_user
-- Delete comments of a user, some of them; their ids. Replies by others become comments of their own.
DELETE FROM public.comments
WHERE
    id = any(array(
        SELECT c.id FROM public.comments AS c
        WHERE c.user_id = %(user_id)s
        LIMIT %(limit)s::integer
    ))
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
),

-- Everybody has a row there, and `vrss counters verify` wonders about those who have none.
storage AS (
    INSERT INTO public.storage_usage (user_id, quota_bytes)
    SELECT
        tombstone.id,
        free.storage_bytes
    FROM tombstone
    CROSS JOIN public.subscription_tiers AS free
    WHERE free.name = 'Free'
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
