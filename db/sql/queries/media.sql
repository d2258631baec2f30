-- name: media_by_post_ids
-- The media of these posts, in the order in which a post shows them.
SELECT
    m.id,
    m.post_id,
    m.user_id,
    m.type,
    m.file_url,
    m.file_size_bytes,
    m.mime_type,
    m.width,
    m.height,
    m.duration_seconds,
    m.thumbnail_url,
    m.thumbnails,
    m.placeholder,
    m.alt_text,
    m.created_at
FROM public.post_media AS m
WHERE m.post_id = any(%(ids)s::bigint[])
ORDER BY m.post_id, m.display_order, m.id;

-- name: images_by_user_ids
-- For each owner, the pictures in its posts that the viewer may see, newest first.
-- keyset
SELECT
    m.id,
    m.post_id,
    m.user_id,
    m.type,
    m.file_url,
    m.file_size_bytes,
    m.mime_type,
    m.width,
    m.height,
    m.duration_seconds,
    m.thumbnail_url,
    m.thumbnails,
    m.placeholder,
    m.alt_text,
    m.created_at,
    o.owner_id,
    m.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop,
        found.post_id,
        found.user_id,
        found.type,
        found.file_url,
        found.file_size_bytes,
        found.mime_type,
        found.width,
        found.height,
        found.duration_seconds,
        found.thumbnail_url,
        found.thumbnails,
        found.placeholder,
        found.alt_text
    FROM (
        SELECT
            pm.created_at,
            pm.id,
            row_number() OVER (ORDER BY pm.created_at DESC, pm.id DESC) AS nth
        FROM public.post_media AS pm
        WHERE
            pm.user_id = o.owner_id
            AND pm.type IN ('image', 'gif')
            AND (pm.created_at, pm.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (pm.created_at, pm.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY pm.created_at DESC, pm.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    LEFT JOIN
        LATERAL (
            SELECT picture.*
            FROM public.post_media AS picture
            INNER JOIN app.visible_posts(%(viewer)s) AS vp ON picture.post_id = vp.id
            WHERE picture.id = candidate.id
            LIMIT 1
        ) AS found
        ON TRUE
    WHERE found.id IS NOT NULL OR candidate.nth = %(reach)s::integer
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS m;

-- name: media_by_user_ids
-- For each user, if it is the viewer, their files, newest first: of one type if it is given, and if `unattached` those
-- that neither a post nor the profile uses.
-- keyset
SELECT
    m.id,
    m.post_id,
    m.user_id,
    m.type,
    m.file_url,
    m.file_size_bytes,
    m.mime_type,
    m.width,
    m.height,
    m.duration_seconds,
    m.thumbnail_url,
    m.thumbnails,
    m.placeholder,
    m.alt_text,
    m.created_at,
    o.owner_id,
    m.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop,
        found.post_id,
        found.user_id,
        found.type,
        found.file_url,
        found.file_size_bytes,
        found.mime_type,
        found.width,
        found.height,
        found.duration_seconds,
        found.thumbnail_url,
        found.thumbnails,
        found.placeholder,
        found.alt_text
    FROM (
        SELECT
            pm.created_at,
            pm.id,
            row_number() OVER (ORDER BY pm.created_at DESC, pm.id DESC) AS nth
        FROM public.post_media AS pm
        WHERE
            pm.user_id = o.owner_id
            AND pm.user_id = %(viewer)s
            AND (pm.created_at, pm.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (pm.created_at, pm.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY pm.created_at DESC, pm.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    LEFT JOIN
        LATERAL (
            SELECT file.*
            FROM public.post_media AS file
            WHERE
                file.id = candidate.id
                AND (%(type)s::public.media_type IS NULL OR file.type = %(type)s::public.media_type)
                AND (
                    NOT %(unattached)s::boolean
                    OR (
                        file.post_id IS NULL
                        AND NOT EXISTS (
                            SELECT FROM public.user_profiles AS profile
                            WHERE
                                profile.user_id = file.user_id
                                AND file.id IN (
                                    profile.avatar_media_id,
                                    (profile.background_config ->> 'media_id')::bigint,
                                    (profile.music_config ->> 'media_id')::bigint
                                )
                        )
                        AND NOT EXISTS (
                            SELECT FROM public.section_content AS piece
                            WHERE piece.media_id = file.id
                        )
                    )
                )
            LIMIT 1
        ) AS found
        ON TRUE
    WHERE found.id IS NOT NULL OR candidate.nth = %(reach)s::integer
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS m;

-- name: media_by_ids
-- The media among these ids that the viewer owns or may see in a post or on a profile, in no order.
SELECT
    m.id,
    m.post_id,
    m.user_id,
    m.type,
    m.file_url,
    m.file_size_bytes,
    m.mime_type,
    m.width,
    m.height,
    m.duration_seconds,
    m.thumbnail_url,
    m.thumbnails,
    m.placeholder,
    m.alt_text,
    m.created_at
FROM public.post_media AS m
WHERE
    m.id = any(%(ids)s::bigint[])
    AND (
        m.user_id = %(viewer)s
        OR EXISTS (
            SELECT 1 FROM app.visible_posts(%(viewer)s) AS vp
            WHERE vp.id = m.post_id
        )
        OR EXISTS (
            SELECT 1 FROM app.visible_profiles(%(viewer)s) AS f
            WHERE
                f.user_id = m.user_id
                AND m.id IN (
                    f.avatar_media_id,
                    (f.background_config ->> 'media_id')::bigint,
                    (f.music_config ->> 'media_id')::bigint
                )
        )
        OR EXISTS (
            SELECT 1
            FROM public.section_content AS c
            INNER JOIN public.profile_sections AS s ON c.section_id = s.id
            INNER JOIN app.visible_profiles(%(viewer)s) AS f ON s.user_id = f.user_id
            WHERE c.media_id = m.id AND s.user_id = m.user_id AND s.is_visible OFFSET 0
        )
    );

-- name: lock_own_media
-- Lock those of these files that are the viewer's, so that each comes into one post only, and return them in no order.
SELECT
    m.id,
    m.post_id,
    m.user_id,
    m.type,
    m.file_url,
    m.file_size_bytes,
    m.mime_type,
    m.width,
    m.height,
    m.duration_seconds,
    m.thumbnail_url,
    m.thumbnails,
    m.placeholder,
    m.alt_text,
    m.created_at
FROM public.post_media AS m
WHERE m.id = any(%(ids)s::bigint[]) AND m.user_id = %(viewer)s
ORDER BY m.id
FOR NO KEY UPDATE;

-- name: lock_post_of_media
-- Lock the post that shows a file of the viewer, so that two files of one post can be deleted at once.
SELECT p.id
FROM public.posts AS p
INNER JOIN public.post_media AS m ON p.id = m.post_id
WHERE m.id = %(media_id)s AND m.user_id = %(viewer)s
FOR NO KEY UPDATE OF p;

-- name: describe_media
-- Say what a file of the viewer shows; a row when there is one.
UPDATE public.post_media
SET alt_text = %(alt_text)s
WHERE id = %(media_id)s AND user_id = %(viewer)s
RETURNING id;

-- name: delete_media
-- Delete a file of the viewer; a row when there was one.
DELETE FROM public.post_media
WHERE id = %(media_id)s AND user_id = %(viewer)s
RETURNING id;

-- name: copy_media
-- Let a post of the viewer keep this copy of its files, and this small picture.
UPDATE public.posts
SET
    media_urls = %(media_urls)s::jsonb,
    thumbnail_url = %(thumbnail_url)s
WHERE id = %(post_id)s AND user_id = %(viewer)s;

-- name: storage_by_user_ids
-- For each user, if it is the viewer, what they have stored and may store, in bytes; `reserved` belongs to uploads that
-- are under way, as long as their rows are there.
SELECT
    u.id AS user_id,
    coalesce(s.used_bytes, 0) AS used_bytes,
    coalesce(s.quota_bytes, 52428800) AS quota_bytes,
    coalesce(s.images_bytes, 0) AS images_bytes,
    coalesce(s.videos_bytes, 0) AS videos_bytes,
    coalesce(s.audio_bytes, 0) AS audio_bytes,
    coalesce(s.other_bytes, 0) AS other_bytes,
    coalesce(
        (
            SELECT sum(p.file_size_bytes) FROM app.pending_uploads AS p
            WHERE p.user_id = u.id AND p.state <> 'failed'
        ), 0
    )::bigint AS reserved_bytes
FROM public.users AS u
LEFT JOIN public.storage_usage AS s ON u.id = s.user_id
WHERE u.id = any(%(ids)s::bigint[]) AND u.id = %(viewer)s;
