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

-- name: comments_on_posts
-- Comments on these posts, some of them. The latest first: a reply is younger than its parent, and so no parent takes
-- its replies along.
SELECT t.id
FROM unnest(%(ids)s::bigint[]) AS o (id)
CROSS JOIN
    LATERAL (
        SELECT c.id FROM public.comments AS c
        WHERE c.post_id = o.id
        ORDER BY c.id DESC
        LIMIT %(limit)s::integer
    ) AS t
LIMIT %(limit)s::integer;

-- name: purge_likes_of_comments
-- Delete likes of these comments, some of them; the comment of each.
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
            FROM app.comment_likes AS i
            WHERE i.comment_id = o.id
            LIMIT %(limit)s::integer
        ) AS t
    LIMIT %(limit)s::integer
) AS due
WHERE l.user_id = due.user_id AND l.comment_id = due.comment_id
RETURNING l.comment_id;

-- name: purge_comments
-- Delete these comments; their ids.
DELETE FROM public.comments
WHERE id = any(%(ids)s::bigint[])
RETURNING id;

-- name: purge_revisions_on_posts
-- Delete earlier versions of these posts, some of them; their ids.
DELETE FROM app.post_revisions
WHERE
    id = any(array(
        SELECT t.id
        FROM unnest(%(ids)s::bigint[]) AS o (id)
        CROSS JOIN
            LATERAL (
                SELECT x.id FROM app.post_revisions AS x
                WHERE x.post_id = o.id
                LIMIT %(limit)s::integer
            ) AS t
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_mentions_on_posts
-- Delete who is named by these posts, some of them; the post of each.
DELETE FROM app.post_mentions AS m
USING (
    SELECT
        t.post_id,
        t.user_id
    FROM unnest(%(ids)s::bigint[]) AS o (id)
    CROSS JOIN
        LATERAL (
            SELECT
                x.post_id,
                x.user_id
            FROM app.post_mentions AS x
            WHERE x.post_id = o.id
            LIMIT %(limit)s::integer
        ) AS t
    LIMIT %(limit)s::integer
) AS due
WHERE m.post_id = due.post_id AND m.user_id = due.user_id
RETURNING m.post_id;

-- name: purge_pins_of_posts
-- Unpin these posts from feeds, from some of them; the post of each.
DELETE FROM app.feed_pins AS pin
USING (
    SELECT
        t.post_id,
        t.feed_id
    FROM unnest(%(ids)s::bigint[]) AS o (id)
    CROSS JOIN
        LATERAL (
            SELECT
                x.post_id,
                x.feed_id
            FROM app.feed_pins AS x
            WHERE x.post_id = o.id
            LIMIT %(limit)s::integer
        ) AS t
    LIMIT %(limit)s::integer
) AS due
WHERE pin.post_id = due.post_id AND pin.feed_id = due.feed_id
RETURNING pin.post_id;

-- name: purge_media_on_posts
-- Delete the files of these posts, some of them; their ids.
DELETE FROM public.post_media
WHERE
    id = any(array(
        SELECT t.id
        FROM unnest(%(ids)s::bigint[]) AS o (id)
        CROSS JOIN
            LATERAL (
                SELECT x.id FROM public.post_media AS x
                WHERE x.post_id = o.id
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

-- name: ended_conversations
-- The groups that everybody has left, the first to end first.
SELECT e.conversation_id AS id
FROM app.ended_conversations AS e
ORDER BY e.ended_at, e.conversation_id
LIMIT %(limit)s::integer;

-- name: purge_notifications_of_conversations
-- Delete notifications of these conversations, some of them; their ids.
DELETE FROM public.notifications
WHERE
    id = any(array(
        SELECT t.id
        FROM unnest(%(ids)s::bigint[]) AS o (id)
        CROSS JOIN
            LATERAL (
                SELECT x.id FROM public.notifications AS x
                WHERE x.conversation_id = o.id
                LIMIT %(limit)s::integer
            ) AS t
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_messages_of_conversations
-- Delete messages of these conversations, some of them; their ids.
DELETE FROM public.messages
WHERE
    id = any(array(
        SELECT t.id
        FROM unnest(%(ids)s::bigint[]) AS o (id)
        CROSS JOIN
            LATERAL (
                SELECT x.id FROM public.messages AS x
                WHERE x.conversation_id = o.id
                LIMIT %(limit)s::integer
            ) AS t
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_members_of_conversations
-- Forget who was in these conversations, some of them; the conversation of each.
DELETE FROM app.conversation_members AS m
USING (
    SELECT
        t.conversation_id,
        t.user_id
    FROM unnest(%(ids)s::bigint[]) AS o (id)
    CROSS JOIN
        LATERAL (
            SELECT
                x.conversation_id,
                x.user_id
            FROM app.conversation_members AS x
            WHERE x.conversation_id = o.id
            LIMIT %(limit)s::integer
        ) AS t
    LIMIT %(limit)s::integer
) AS due
WHERE m.conversation_id = due.conversation_id AND m.user_id = due.user_id
RETURNING m.conversation_id;
