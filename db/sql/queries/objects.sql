-- name: unknown_object_keys
-- Those of these keys that no file, upload or doomed object has, in order.
SELECT wanted.object_key
FROM unnest(%(keys)s::text[]) AS wanted (object_key)
WHERE
    NOT EXISTS (
        SELECT FROM public.post_media AS m
        WHERE m.object_key = wanted.object_key
    )
    AND NOT EXISTS (
        SELECT FROM app.pending_uploads AS p
        WHERE p.object_key = wanted.object_key
    )
    AND NOT EXISTS (
        SELECT FROM app.pending_uploads AS p
        WHERE p.final_key = wanted.object_key
    )
    AND NOT EXISTS (
        SELECT FROM app.doomed_objects AS d
        WHERE d.object_key = wanted.object_key
    )
ORDER BY wanted.object_key;

-- name: last_media_id
-- The greatest id of a file, 0 where there is none.
SELECT coalesce(max(id), 0) AS id
FROM public.post_media;

-- name: media_objects_after
-- The next files by id, so many at most, with what their objects must be.
SELECT
    m.id,
    m.object_key,
    m.file_url,
    m.file_size_bytes,
    m.thumbnails
FROM public.post_media AS m
WHERE m.id > %(after)s::bigint
ORDER BY m.id
LIMIT %(limit)s::integer;

-- name: resize_media
-- Charge a file for the bytes that it has, unless somebody else did: a row where there was one to change.
UPDATE public.post_media
SET file_size_bytes = %(size)s::bigint
WHERE id = %(media_id)s AND file_size_bytes = %(charged)s::bigint
RETURNING id;

-- name: overdue_uploads_after
-- The next uploads, so many at most, whose time was over ten minutes ago, by that time; the sweeper takes each at once.
SELECT
    p.id,
    p.expires_at
FROM app.pending_uploads AS p
WHERE
    p.expires_at < now() - interval '10 minutes'
    AND (p.state <> 'completing' OR p.lease_until < now())
    AND (p.expires_at, p.id) > (%(after_time)s::timestamptz, %(after_id)s::bigint)
ORDER BY p.expires_at, p.id
LIMIT %(limit)s::integer;
