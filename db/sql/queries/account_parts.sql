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

-- name: purge_seen_posts_of_user
-- Delete what is noted of the posts that a user has seen, some of it; the post of each.
DELETE FROM app.seen_posts AS s
USING (
    SELECT t.post_id FROM app.seen_posts AS t
    WHERE t.user_id = %(user_id)s
    ORDER BY t.post_id
    LIMIT %(limit)s::integer
) AS due
WHERE s.user_id = %(user_id)s AND s.post_id = due.post_id
RETURNING s.post_id;

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

-- name: purge_blocks_of_user
-- Delete blocks by a user and of them, some of them; who has blocked.
DELETE FROM app.user_blocks AS b
USING (
    (
        SELECT
            t.blocker_id,
            t.blocked_id
        FROM app.user_blocks AS t
        WHERE t.blocker_id = %(user_id)s
        LIMIT %(limit)s::integer
    )
    UNION ALL
    (
        SELECT
            t.blocker_id,
            t.blocked_id
        FROM app.user_blocks AS t
        WHERE t.blocked_id = %(user_id)s
        LIMIT %(limit)s::integer
    )
    LIMIT %(limit)s::integer
) AS due
WHERE b.blocker_id = due.blocker_id AND b.blocked_id = due.blocked_id
RETURNING b.blocker_id;

-- name: purge_mutes_of_user
-- Delete mutes by a user and of them, some of them; who has muted.
DELETE FROM app.user_mutes AS m
USING (
    (
        SELECT
            t.muter_id,
            t.muted_id
        FROM app.user_mutes AS t
        WHERE t.muter_id = %(user_id)s
        LIMIT %(limit)s::integer
    )
    UNION ALL
    (
        SELECT
            t.muter_id,
            t.muted_id
        FROM app.user_mutes AS t
        WHERE t.muted_id = %(user_id)s
        LIMIT %(limit)s::integer
    )
    LIMIT %(limit)s::integer
) AS due
WHERE m.muter_id = due.muter_id AND m.muted_id = due.muted_id
RETURNING m.muter_id;

-- name: purge_entries_of_user
-- Take a user from lists of people, some of them; the lists.
DELETE FROM public.list_members AS m
USING (
    SELECT t.list_id FROM public.list_members AS t
    WHERE t.user_id = %(user_id)s
    LIMIT %(limit)s::integer
) AS due
WHERE m.user_id = %(user_id)s AND m.list_id = due.list_id
RETURNING m.list_id;

-- name: purge_members_of_lists_of_user
-- Take people from the lists of a user, some of them; the lists.
DELETE FROM public.list_members AS m
USING (
    SELECT
        t.list_id,
        t.user_id
    FROM public.user_lists AS l
    CROSS JOIN
        LATERAL (
            SELECT
                x.list_id,
                x.user_id
            FROM public.list_members AS x
            WHERE x.list_id = l.id
            LIMIT %(limit)s::integer
        ) AS t
    WHERE l.user_id = %(user_id)s
    LIMIT %(limit)s::integer
) AS due
WHERE m.list_id = due.list_id AND m.user_id = due.user_id
RETURNING m.list_id;

-- name: purge_mentions_of_user
-- Take a user from the people whom posts name, some of them; the posts.
DELETE FROM app.post_mentions
WHERE
    ctid = any(array(
        SELECT t.ctid FROM app.post_mentions AS t
        WHERE t.user_id = %(user_id)s
        LIMIT %(limit)s::integer
        FOR UPDATE
    ))
RETURNING post_id AS id;

-- name: purge_keys_of_user
-- Delete the keys of a user's retries, some of them; whose they were.
DELETE FROM app.idempotency_keys
WHERE
    ctid = any(array(
        SELECT t.ctid FROM app.idempotency_keys AS t
        WHERE t.user_id = %(user_id)s
        LIMIT %(limit)s::integer
        FOR UPDATE
    ))
RETURNING user_id AS id;

-- name: purge_sessions_of_user
-- Delete sessions of a user, some of them; their ids.
DELETE FROM app.sessions
WHERE
    id = any(array(
        SELECT t.id FROM app.sessions AS t
        WHERE t.user_id = %(user_id)s
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_tokens_of_user
-- Delete tokens from e-mails to a user, some of them; their ids.
DELETE FROM app.verification_tokens
WHERE
    id = any(array(
        SELECT t.id FROM app.verification_tokens AS t
        WHERE t.user_id = %(user_id)s
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_entries_of_audit_log
-- Take the name of a user from entries of the log, some of them, which stay; their ids.
UPDATE app.audit_log
SET user_id = NULL
WHERE
    id = any(array(
        SELECT t.id FROM app.audit_log AS t
        WHERE t.user_id = %(user_id)s
        LIMIT %(limit)s::integer
    ))
RETURNING id;

-- name: purge_media_of_user
-- Delete files of a user, some of them; their ids.
DELETE FROM public.post_media
WHERE
    id = any(array(
        SELECT t.id FROM public.post_media AS t
        WHERE t.user_id = %(user_id)s
        LIMIT %(limit)s::integer
    ))
RETURNING id;
