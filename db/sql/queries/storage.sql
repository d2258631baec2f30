-- name: users_without_storage
-- Those of these users who have no row in storage_usage, by id.
SELECT
    ARRAY[u.id] AS key,
    ARRAY[0]::bigint[] AS stored,
    ARRAY[1]::bigint[] AS counted
FROM public.users AS u
WHERE
    u.id = any(%(ids)s::bigint[])
    AND NOT EXISTS (
        SELECT FROM public.storage_usage AS s
        WHERE s.user_id = u.id
    )
ORDER BY u.id;

-- name: lock_users
-- Keep these users from being deleted, by id; one row for each that is still there.
SELECT id
FROM public.users
WHERE id = any(%(ids)s::bigint[])
ORDER BY id
FOR KEY SHARE;

-- name: add_storage
-- Give these users an empty row in storage_usage, with the quota of their plan.
INSERT INTO public.storage_usage (user_id, quota_bytes)
SELECT
    u.id,
    coalesce(paid.storage_bytes, free.storage_bytes)
FROM public.users AS u
INNER JOIN public.subscription_tiers AS free ON free.name = 'Free'
LEFT JOIN public.user_subscriptions AS s ON u.id = s.user_id AND s.status = 'active'
LEFT JOIN public.subscription_tiers AS paid ON s.tier_id = paid.id
WHERE u.id = any(%(ids)s::bigint[])
ORDER BY u.id
ON CONFLICT (user_id) DO NOTHING;

-- name: drifted_storage
-- Those of these users whose stored bytes a recount of their media contradicts, by id: in all, images, videos, audio,
-- other.
SELECT
    ARRAY[s.user_id] AS key,
    ARRAY[s.used_bytes, s.images_bytes, s.videos_bytes, s.audio_bytes, s.other_bytes] AS stored,
    ARRAY[m.used, m.images, m.videos, m.audio, m.other] AS counted
FROM public.storage_usage AS s
CROSS JOIN
    LATERAL (
        SELECT
            coalesce(sum(f.file_size_bytes), 0)::bigint AS used,
            coalesce(sum(f.file_size_bytes) FILTER (WHERE f.type IN ('image', 'gif')), 0)::bigint AS images,
            coalesce(sum(f.file_size_bytes) FILTER (WHERE f.type = 'video'), 0)::bigint AS videos,
            coalesce(sum(f.file_size_bytes) FILTER (WHERE f.type = 'audio'), 0)::bigint AS audio,
            coalesce(sum(f.file_size_bytes) FILTER (WHERE f.type = 'document'), 0)::bigint AS other
        FROM public.post_media AS f
        WHERE f.user_id = s.user_id
    ) AS m
WHERE
    s.user_id = any(%(ids)s::bigint[])
    AND (s.used_bytes, s.images_bytes, s.videos_bytes, s.audio_bytes, s.other_bytes)
    <> (m.used, m.images, m.videos, m.audio, m.other)
ORDER BY s.user_id;

-- name: lock_storage
-- Hold the storage of these users, by id, so that none of their media is charged or given back; one row for each.
SELECT user_id AS id
FROM public.storage_usage
WHERE user_id = any(%(ids)s::bigint[])
ORDER BY user_id
FOR NO KEY UPDATE;

-- name: heal_storage
-- Set the stored bytes of these users.
UPDATE public.storage_usage AS s
SET
    used_bytes = counted.used,
    images_bytes = counted.images,
    videos_bytes = counted.videos,
    audio_bytes = counted.audio,
    other_bytes = counted.other,
    last_calculated_at = now()
FROM
    unnest(
        %(ids)s::bigint[],
        %(used)s::bigint[],
        %(images)s::bigint[],
        %(videos)s::bigint[],
        %(audio)s::bigint[],
        %(other)s::bigint[]
    ) AS counted (id, used, images, videos, audio, other)
WHERE s.user_id = counted.id;
