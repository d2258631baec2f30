-- name: lock_approval
-- Whether a user approves their followers, which nobody changes until the transaction ends. One whose profile is
-- private does as well, or it would let in everybody who waits for it to be opened to followers. The answer is not
-- asked for in WHERE: of a profile that is public, the row would not be locked.
SELECT f.visibility <> 'public' AS approves
FROM public.user_profiles AS f
WHERE f.user_id = %(user_id)s
FOR SHARE;

-- name: request_follow
-- Ask a visible user, whom the viewer does not follow, for permission to follow them; a row for a new request.
INSERT INTO app.follow_requests (requester_id, target_id)
SELECT
    %(viewer)s,
    u.id
FROM app.visible_users(%(viewer)s) AS u
WHERE
    u.id = %(user_id)s
    AND NOT EXISTS (
        SELECT 1 FROM public.user_follows AS uf
        WHERE uf.follower_id = %(viewer)s AND uf.following_id = u.id
    )
ON CONFLICT (requester_id, target_id) DO NOTHING
RETURNING id;

-- name: notify_follow_request
-- Notify a user of the viewer's request. Of a pair there is one notification about following: it becomes new, but that
-- of a request that was withdrawn is as read as it was, so that nobody notifies again and again.
INSERT INTO public.notifications (user_id, type, actor_id, title, action_url)
SELECT
    %(user_id)s,
    'follow',
    u.id,
    'New follow request',
    '/users/' || u.username
FROM public.users AS u
WHERE u.id = %(viewer)s
ON CONFLICT (user_id, actor_id, type) WHERE type IN ('follow', 'friend_request') DO UPDATE
    SET
        title = excluded.title,
        action_url = excluded.action_url,
        is_read = notifications.withdrawn_at IS NOT NULL AND notifications.title = excluded.title,
        read_at = CASE
            WHEN notifications.withdrawn_at IS NOT NULL AND notifications.title = excluded.title
                THEN notifications.read_at
        END,
        withdrawn_at = NULL,
        created_at = now();

-- name: withdraw_follow_request
-- Delete the viewer's request to follow a user; its id, if there was one.
DELETE FROM app.follow_requests
WHERE requester_id = %(viewer)s AND target_id = %(user_id)s
RETURNING id;

-- name: approve_follow_request
-- Turn a request of a visible user to follow the viewer into a follow; who follows, and since when.
WITH approved AS (
    DELETE FROM app.follow_requests
    WHERE
        id = %(request_id)s
        AND target_id = %(viewer)s
        AND requester_id IN (SELECT u.id FROM app.visible_users(%(viewer)s) AS u)
    RETURNING requester_id
)

INSERT INTO public.user_follows (follower_id, following_id)
SELECT
    approved.requester_id,
    %(viewer)s
FROM approved
ON CONFLICT (follower_id, following_id) DO UPDATE SET created_at = user_follows.created_at
RETURNING follower_id AS id, created_at;

-- name: reject_follow_request
-- Delete a request of a visible user to follow the viewer; its id, if there was one.
DELETE FROM app.follow_requests
WHERE
    id = %(request_id)s
    AND target_id = %(viewer)s
    AND requester_id IN (SELECT u.id FROM app.visible_users(%(viewer)s) AS u)
RETURNING id;

-- name: delete_follow_requests_between
-- Delete the requests between the viewer and a user, in both directions.
DELETE FROM app.follow_requests
WHERE
    (requester_id = %(viewer)s AND target_id = %(user_id)s)
    OR (requester_id = %(user_id)s AND target_id = %(viewer)s);

-- name: follow_requests_by_ids
-- The requests among these ids that the viewer has made or received, while the viewer sees the other person; in no
-- order.
SELECT
    r.id,
    r.requester_id,
    r.target_id,
    r.created_at
FROM app.follow_requests AS r
INNER JOIN app.visible_users(%(viewer)s) AS u
    ON u.id = CASE %(viewer)s WHEN r.requester_id THEN r.target_id WHEN r.target_id THEN r.requester_id END
WHERE r.id = any(%(ids)s::bigint[]);

-- name: viewer_follow_requests_by_user_ids
-- The requests between the viewer and each of these users, in both directions.
SELECT
    found.id,
    found.requester_id,
    found.target_id,
    found.created_at,
    o.user_id AS owner_id
FROM unnest(%(ids)s::bigint[]) AS o (user_id)
CROSS JOIN LATERAL (
    SELECT
        sent.id,
        sent.requester_id,
        sent.target_id,
        sent.created_at
    FROM app.follow_requests AS sent
    WHERE sent.requester_id = %(viewer)s AND sent.target_id = o.user_id
    UNION ALL
    SELECT
        received.id,
        received.requester_id,
        received.target_id,
        received.created_at
    FROM app.follow_requests AS received
    WHERE received.requester_id = o.user_id AND received.target_id = %(viewer)s
    LIMIT 2
) AS found;

-- name: follow_requests_by_user_ids
-- For each user, if it is the viewer, the requests of visible people to follow them, newest first.
-- keyset
SELECT
    r.id,
    r.requester_id,
    r.target_id,
    r.created_at,
    o.owner_id,
    r.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.id,
        candidate.requester_id,
        candidate.target_id,
        candidate.created_at,
        candidate.nth = %(reach)s::integer AS is_stop
    FROM (
        SELECT
            own.id,
            own.requester_id,
            own.target_id,
            own.created_at,
            row_number() OVER (ORDER BY own.created_at DESC, own.id DESC) AS nth
        FROM app.follow_requests AS own
        WHERE
            own.target_id = o.owner_id
            AND own.target_id = %(viewer)s
            AND (own.created_at, own.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (own.created_at, own.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY own.created_at DESC, own.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    WHERE
        candidate.nth = %(reach)s::integer
        OR EXISTS (
            SELECT 1 FROM app.visible_users(%(viewer)s) AS u
            WHERE u.id = candidate.requester_id OFFSET 0
        )
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS r;

-- name: sent_follow_requests_by_user_ids
-- For each user, if it is the viewer, their own requests to follow visible people, newest first.
-- keyset
SELECT
    r.id,
    r.requester_id,
    r.target_id,
    r.created_at,
    o.owner_id,
    r.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.id,
        candidate.requester_id,
        candidate.target_id,
        candidate.created_at,
        candidate.nth = %(reach)s::integer AS is_stop
    FROM (
        SELECT
            own.id,
            own.requester_id,
            own.target_id,
            own.created_at,
            row_number() OVER (ORDER BY own.created_at DESC, own.id DESC) AS nth
        FROM app.follow_requests AS own
        WHERE
            own.requester_id = o.owner_id
            AND own.requester_id = %(viewer)s
            AND (own.created_at, own.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (own.created_at, own.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY own.created_at DESC, own.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    WHERE
        candidate.nth = %(reach)s::integer
        OR EXISTS (
            SELECT 1 FROM app.visible_users(%(viewer)s) AS u
            WHERE u.id = candidate.target_id OFFSET 0
        )
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS r;

-- name: follow_request_counts_by_user_ids
-- For each user, if it is the viewer, how many visible people have asked to follow them, counted to 100 and among the
-- latest 500: however many cannot be seen, the badge costs no more.
SELECT
    o.owner_id AS user_id,
    n.total
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT count(*) AS total
    FROM (
        SELECT 1
        FROM (
            SELECT own.requester_id
            FROM app.follow_requests AS own
            WHERE own.target_id = o.owner_id AND own.target_id = %(viewer)s
            ORDER BY own.created_at DESC, own.id DESC
            LIMIT 500
        ) AS latest
        WHERE
            EXISTS (
                SELECT 1 FROM app.visible_users(%(viewer)s) AS u
                WHERE u.id = latest.requester_id OFFSET 0
            )
        LIMIT 100
    ) AS capped
) AS n;
