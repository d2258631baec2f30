-- name: lock_pair
-- Hold a pair of people as db/sql/triggers/friendships.sql does, until the transaction ends: who follows, leaves or
-- blocks takes this before it looks. So of a follow and a block at the same moment, the second sees the first.
SELECT pg_advisory_xact_lock(
    1718186094,
    mod(
        least(%(viewer)s::bigint, %(user_id)s::bigint) * 31 + greatest(%(viewer)s::bigint, %(user_id)s::bigint), 1024
    )::integer
);

-- name: block_user
-- Block a visible user; a row for a new block, none when it was there already or there is no such user.
INSERT INTO app.user_blocks (blocker_id, blocked_id)
SELECT
    %(viewer)s,
    u.id
FROM app.visible_users(%(viewer)s) AS u
WHERE u.id = %(user_id)s
ON CONFLICT (blocker_id, blocked_id) DO NOTHING
RETURNING blocked_id;

-- name: sever
-- End the follows between the viewer and a user, in both directions, and with them the friendship; a row for each.
DELETE FROM public.user_follows
WHERE
    (follower_id = %(viewer)s AND following_id = %(user_id)s)
    OR (follower_id = %(user_id)s AND following_id = %(viewer)s)
RETURNING following_id;

-- name: unblock_user
-- Take a block back; a row when there was one.
DELETE FROM app.user_blocks
WHERE blocker_id = %(viewer)s AND blocked_id = %(user_id)s
RETURNING blocked_id;

-- name: blocked_users_by_ids
-- Those among these ids whom the viewer has blocked, in no order: of somebody invisible, what it takes to unblock.
SELECT
    u.id,
    u.username,
    b.created_at
FROM app.user_blocks AS b
INNER JOIN public.users AS u ON b.blocked_id = u.id
WHERE b.blocker_id = %(viewer)s AND b.blocked_id = any(%(ids)s::bigint[]) AND u.status = 'active';

-- name: blocked_users_by_user_ids
-- For each user, if it is the viewer, those whom it has blocked, the latest block first.
-- keyset
SELECT
    b.id,
    b.username,
    b.created_at,
    o.owner_id,
    b.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop,
        u.username
    FROM (
        SELECT
            ub.created_at,
            ub.blocked_id AS id,
            row_number() OVER (ORDER BY ub.created_at DESC, ub.blocked_id DESC) AS nth
        FROM app.user_blocks AS ub
        WHERE
            ub.blocker_id = o.owner_id
            AND ub.blocker_id = %(viewer)s
            AND (ub.created_at, ub.blocked_id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (ub.created_at, ub.blocked_id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY ub.created_at DESC, ub.blocked_id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    LEFT JOIN public.users AS u ON candidate.id = u.id AND u.status = 'active'
    WHERE u.id IS NOT NULL OR candidate.nth = %(reach)s::integer
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS b;

-- name: mute_user
-- Mute a visible user; a row for a new mute, none when it was there already or there is no such user.
INSERT INTO app.user_mutes (muter_id, muted_id)
SELECT
    %(viewer)s,
    u.id
FROM app.visible_users(%(viewer)s) AS u
WHERE u.id = %(user_id)s
ON CONFLICT (muter_id, muted_id) DO NOTHING
RETURNING muted_id;

-- name: mute_of_user
-- The viewer's mute of a user: their id, and the time.
SELECT
    m.muted_id AS id,
    m.created_at
FROM app.user_mutes AS m
WHERE m.muter_id = %(viewer)s AND m.muted_id = %(user_id)s;

-- name: unmute_user
-- Take a mute back; a row when there was one.
DELETE FROM app.user_mutes
WHERE muter_id = %(viewer)s AND muted_id = %(user_id)s
RETURNING muted_id;

-- name: muted_by_user_ids
-- For each user, if it is the viewer, the ids of the visible users whom it has muted, the latest mute first.
-- keyset
SELECT
    o.owner_id,
    m.created_at,
    m.id,
    m.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop
    FROM (
        SELECT
            um.created_at,
            um.muted_id AS id,
            row_number() OVER (ORDER BY um.created_at DESC, um.muted_id DESC) AS nth
        FROM app.user_mutes AS um
        WHERE
            um.muter_id = o.owner_id
            AND um.muter_id = %(viewer)s
            AND (um.created_at, um.muted_id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (um.created_at, um.muted_id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY um.created_at DESC, um.muted_id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    WHERE
        candidate.nth = %(reach)s::integer
        OR EXISTS (
            SELECT 1 FROM app.visible_users(%(viewer)s) AS u
            WHERE u.id = candidate.id OFFSET 0
        )
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS m;

-- name: remove_follower
-- End somebody's follow of the viewer; a row when there was one.
DELETE FROM public.user_follows
WHERE follower_id = %(user_id)s AND following_id = %(viewer)s
RETURNING follower_id;

-- name: privacy_by_user_ids
-- What these users let others see and do, if they are the viewer; what was never set as it is from the beginning.
SELECT
    u.id AS user_id,
    coalesce(f.visibility, 'public') AS profile_visibility,
    coalesce(s.allow_messages_from, 'everyone') AS allow_messages_from,
    coalesce(s.show_followers, TRUE) AS show_followers,
    NOT EXISTS (
        SELECT FROM app.feed_opt_outs AS opt_out
        WHERE opt_out.user_id = u.id
    ) AS discoverable_in_feeds
FROM public.users AS u
LEFT JOIN public.user_profiles AS f ON u.id = f.user_id
LEFT JOIN app.user_settings AS s ON u.id = s.user_id
WHERE u.id = any(%(ids)s::bigint[]) AND u.id = %(viewer)s;

-- name: set_profile_visibility
-- Say who may see the viewer's profile.
UPDATE public.user_profiles
SET visibility = %(visibility)s::public.visibility
WHERE user_id = %(viewer)s
RETURNING user_id;

-- name: set_audiences
-- Say who may write to the viewer and whether others see whom it knows; NULL leaves things as they are.
INSERT INTO app.user_settings (user_id, allow_messages_from, show_followers)
VALUES (
    %(viewer)s,
    coalesce(%(allow_messages_from)s::app.message_audience, 'everyone'),
    coalesce(%(show_followers)s::boolean, TRUE)
)
ON CONFLICT (user_id) DO UPDATE
    SET
        allow_messages_from = coalesce(
            %(allow_messages_from)s::app.message_audience, user_settings.allow_messages_from
        ),
        show_followers = coalesce(%(show_followers)s::boolean, user_settings.show_followers)
RETURNING user_id;

-- name: opt_out_of_feeds
-- Let no feed of people who do not follow the viewer have the viewer's posts.
INSERT INTO app.feed_opt_outs (user_id)
VALUES (%(viewer)s)
ON CONFLICT (user_id) DO NOTHING
RETURNING user_id;

-- name: opt_into_feeds
-- Let feeds of everybody have the viewer's posts.
DELETE FROM app.feed_opt_outs
WHERE user_id = %(viewer)s
RETURNING user_id;
