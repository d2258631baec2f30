-- name: uploads_by_ids
-- The uploads among these ids that are the viewer's, those that have become a file among them, in no order.
SELECT
    p.id,
    p.user_id,
    p.object_key,
    p.mime_type,
    p.file_size_bytes,
    p.state,
    p.failure,
    p.created_at,
    p.url_expires_at,
    p.expires_at,
    NULL::bigint AS media_id
FROM app.pending_uploads AS p
WHERE p.id = any(%(ids)s::bigint[]) AND p.user_id = %(viewer)s
UNION ALL
SELECT
    m.upload_id AS id,
    m.user_id,
    m.object_key,
    m.mime_type,
    m.file_size_bytes,
    'ready' AS state,
    NULL AS failure,
    m.created_at,
    NULL AS url_expires_at,
    NULL AS expires_at,
    m.id AS media_id
FROM public.post_media AS m
WHERE m.upload_id = any(%(ids)s::bigint[]) AND m.user_id = %(viewer)s;

-- name: uploads_by_user_ids
-- The uploads of these users, if they are the viewer's, that have not become a file, the newest first: at most 200.
SELECT
    p.id,
    p.user_id,
    p.object_key,
    p.mime_type,
    p.file_size_bytes,
    p.state,
    p.failure,
    p.created_at,
    p.url_expires_at,
    p.expires_at,
    NULL::bigint AS media_id
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN
    LATERAL (
        SELECT own.*
        FROM app.pending_uploads AS own
        WHERE own.user_id = %(viewer)s AND own.user_id = o.owner_id
        ORDER BY own.created_at DESC, own.id DESC
        LIMIT 200
    ) AS p
ORDER BY p.created_at DESC, p.id DESC;

-- name: lock_storage_of_user
-- Hold the storage of a user: nobody else reserves bytes of it, or makes a file, until the transaction ends.
SELECT user_id AS id
FROM public.storage_usage
WHERE user_id = %(user_id)s
FOR UPDATE;

-- name: drop_expired_uploads
-- Delete the uploads of a user whose time is over, unless somebody is at work on them.
DELETE FROM app.pending_uploads
WHERE id IN (
    SELECT p.id
    FROM app.pending_uploads AS p
    WHERE p.user_id = %(user_id)s AND p.state <> 'completing' AND p.expires_at < now()
    ORDER BY p.id
    FOR UPDATE SKIP LOCKED
);

-- name: reserve_upload
-- Reserve the bytes of a file for the viewer, who holds their storage, if they fit in beside all that is stored and
-- reserved, and there are not too many uploads; else no row. A reservation counts as long as its row is there. It is a
-- statement of its own after the lock: one that does both would add up the reservations from before it waited.
INSERT INTO app.pending_uploads (
    user_id, type, object_key, mime_type, file_size_bytes, alt_text, url_expires_at, expires_at
)
SELECT
    s.user_id,
    %(type)s::public.media_type,
    %(object_key)s,
    %(mime_type)s,
    %(size)s::bigint,
    %(alt_text)s,
    now() + %(url_lifetime)s::interval,
    now() + %(lifetime)s::interval
FROM public.storage_usage AS s
CROSS JOIN
    LATERAL (
        SELECT
            count(*) AS uploads,
            coalesce(sum(p.file_size_bytes) FILTER (WHERE p.state <> 'failed'), 0) AS reserved
        FROM app.pending_uploads AS p
        WHERE p.user_id = s.user_id
    ) AS others
WHERE
    s.user_id = %(viewer)s
    AND others.uploads < %(most)s::integer
    AND s.used_bytes + others.reserved + %(size)s::bigint <= s.quota_bytes
RETURNING
    id,
    user_id,
    object_key,
    mime_type,
    file_size_bytes,
    state,
    failure,
    created_at,
    url_expires_at,
    expires_at,
    NULL::bigint AS media_id;

-- name: abort_upload
-- Delete an upload of the viewer that nobody is completing, and return the key that its bytes were to have.
DELETE FROM app.pending_uploads
WHERE id = %(upload_id)s AND user_id = %(viewer)s AND state <> 'completing'
RETURNING object_key;

-- name: lock_upload
-- Hold an upload of the viewer, whatever state it is in.
SELECT
    p.id,
    p.user_id,
    p.object_key,
    p.mime_type,
    p.file_size_bytes,
    p.attempt,
    p.final_key,
    p.state = 'reserved' AND p.expires_at > now() AS is_reserved,
    p.state = 'completing' AND p.lease_until < now() AS is_abandoned
FROM app.pending_uploads AS p
WHERE p.id = %(upload_id)s AND p.user_id = %(viewer)s
FOR UPDATE;

-- name: claim_upload
-- Let an upload, which is held, be completed by whoever writes to this key.
UPDATE app.pending_uploads
SET
    state = 'completing',
    attempt = attempt + 1,
    final_key = %(final_key)s,
    lease_until = now() + %(lease)s::interval
WHERE id = %(upload_id)s;

-- name: hold_claimed_upload
-- Hold an upload that whoever writes to this key is completing still; no row when somebody else is, or nobody.
SELECT
    id,
    user_id
FROM app.pending_uploads
WHERE id = %(upload_id)s AND final_key = %(final_key)s AND state = 'completing'
FOR UPDATE;

-- name: create_media_of_upload
-- Make a file of an upload that is held.
INSERT INTO public.post_media (
    user_id,
    type,
    file_url,
    object_key,
    file_size_bytes,
    mime_type,
    width,
    height,
    duration_seconds,
    thumbnail_url,
    thumbnails,
    placeholder,
    alt_text,
    upload_id
)
SELECT
    p.user_id,
    p.type,
    %(file_url)s,
    p.final_key,
    %(size)s::bigint,
    p.mime_type,
    %(width)s::integer,
    %(height)s::integer,
    %(duration_seconds)s::double precision,
    %(thumbnail_url)s,
    %(thumbnails)s::smallint[],
    %(placeholder)s,
    p.alt_text,
    p.id
FROM app.pending_uploads AS p
WHERE p.id = %(upload_id)s;

-- name: delete_upload
-- Delete an upload that is held.
DELETE FROM app.pending_uploads
WHERE id = %(upload_id)s;

-- name: unclaim_upload
-- Let an upload, which is held, wait for its bytes again.
UPDATE app.pending_uploads
SET
    state = 'reserved',
    lease_until = NULL
WHERE id = %(upload_id)s;

-- name: fail_upload
-- Say why an upload, which is held, is none. It counts no more.
UPDATE app.pending_uploads
SET
    state = 'failed',
    failure = %(failure)s,
    lease_until = NULL
WHERE id = %(upload_id)s;

-- name: sweep_uploads
-- Delete uploads whose time is over, so many at most, unless somebody is at work on them.
DELETE FROM app.pending_uploads
WHERE id IN (
    SELECT p.id
    FROM app.pending_uploads AS p
    WHERE p.expires_at < now() AND p.state <> 'completing'
    ORDER BY p.expires_at, p.id
    LIMIT %(limit)s::integer
    FOR UPDATE SKIP LOCKED
);

-- name: give_up_uploads
-- Fail uploads, so many at most, that nobody is at work on any more and that were begun three times, or whose time is
-- over; return the keys that they were to have.
WITH lost AS MATERIALIZED (
    SELECT
        p.id,
        p.final_key
    FROM app.pending_uploads AS p
    WHERE p.lease_until < now() AND (p.attempt >= 3 OR p.expires_at < now())
    ORDER BY p.lease_until, p.id
    LIMIT %(limit)s::integer
    FOR UPDATE SKIP LOCKED
)

UPDATE app.pending_uploads AS p
SET
    state = 'failed',
    failure = 'PROCESSING_FAILED',
    lease_until = NULL
FROM lost
WHERE p.id = lost.id
RETURNING lost.final_key AS object_key;

-- name: doom_objects
-- Let these objects be deleted after a while.
INSERT INTO app.doomed_objects (object_key, not_before)
SELECT
    wanted.object_key,
    now() + %(delay)s::interval
FROM unnest(%(keys)s::text[]) AS wanted (object_key)
ON CONFLICT (object_key) DO NOTHING;

-- name: due_doomed_objects
-- The keys of objects that are to be deleted by now, so many at most, the longest due first.
SELECT d.object_key
FROM app.doomed_objects AS d
WHERE
    d.not_before <= now()
    AND NOT EXISTS (
        SELECT FROM public.post_media AS m
        WHERE m.object_key = d.object_key
    )
ORDER BY d.not_before, d.object_key
LIMIT %(limit)s::integer;

-- name: forget_doomed_objects
-- Forget objects that are deleted.
DELETE FROM app.doomed_objects
WHERE object_key = any(%(keys)s::text[]);

-- name: postpone_doomed_objects
-- Try again later to delete these objects.
UPDATE app.doomed_objects
SET not_before = now() + %(delay)s::interval
WHERE object_key = any(%(keys)s::text[]);
