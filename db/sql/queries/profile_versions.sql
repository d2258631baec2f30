-- name: profile_versions_by_user_ids
-- The published versions of the profiles of these users, if they are the viewer's, the latest first, without what they
-- looked like.
SELECT
    v.id,
    v.user_id,
    v.number,
    v.begun_from,
    v.created_at,
    v.number = f.version AS is_current
FROM app.profile_versions AS v
INNER JOIN public.user_profiles AS f ON v.user_id = f.user_id
WHERE v.user_id = any(%(ids)s::bigint[]) AND v.user_id = %(viewer)s AND v.number > 0
ORDER BY v.number DESC;

-- name: profile_drafts_by_user_ids
-- The drafts of the profiles of these users, if they are the viewer's, in no order.
SELECT
    v.id,
    v.user_id,
    v.number,
    v.begun_from,
    v.created_at,
    FALSE AS is_current
FROM app.profile_versions AS v
WHERE v.user_id = any(%(ids)s::bigint[]) AND v.user_id = %(viewer)s AND v.number = 0;

-- name: profile_versions_by_ids
-- The versions and drafts among these ids that are the viewer's, in no order.
SELECT
    v.id,
    v.user_id,
    v.number,
    v.begun_from,
    v.created_at,
    v.number = f.version AS is_current
FROM app.profile_versions AS v
INNER JOIN public.user_profiles AS f ON v.user_id = f.user_id
WHERE v.id = any(%(ids)s::bigint[]) AND v.user_id = %(viewer)s;

-- name: version_documents_by_ids
-- What these versions look like, if they are the viewer's, in no order.
SELECT
    v.id,
    v.user_id,
    v.background_config,
    v.music_config,
    v.style_config,
    v.layout_config,
    v.sections
FROM app.profile_versions AS v
WHERE v.id = any(%(ids)s::bigint[]) AND v.user_id = %(viewer)s;

-- name: draw_section_ids
-- So many ids that no section has, published or not.
SELECT nextval('public.profile_sections_id_seq') AS id
FROM generate_series(1, %(size)s::integer);

-- name: draw_content_ids
-- So many ids that no piece of a section has, published or not.
SELECT nextval('public.section_content_id_seq') AS id
FROM generate_series(1, %(size)s::integer);

-- name: insert_version
-- A version of the viewer's profile, or its draft; its id.
INSERT INTO app.profile_versions (
    user_id, number, begun_from, background_config, music_config, style_config, layout_config, sections, section_ids,
    content_ids
)
VALUES (
    %(viewer)s,
    %(number)s,
    %(begun_from)s::integer,
    %(background_config)s::jsonb,
    %(music_config)s::jsonb,
    %(style_config)s::jsonb,
    %(layout_config)s::jsonb,
    %(sections)s::jsonb,
    %(section_ids)s::bigint[],
    %(content_ids)s::bigint[]
)
RETURNING id;

-- name: update_draft
-- Give the draft of the viewer's profile these values; its id.
UPDATE app.profile_versions
SET
    background_config = %(background_config)s::jsonb,
    music_config = %(music_config)s::jsonb,
    style_config = %(style_config)s::jsonb,
    layout_config = %(layout_config)s::jsonb,
    sections = %(sections)s::jsonb,
    section_ids = %(section_ids)s::bigint[],
    content_ids = %(content_ids)s::bigint[]
WHERE user_id = %(viewer)s AND number = 0
RETURNING id;

-- name: delete_draft
-- Delete the draft of the viewer's profile; its id.
DELETE FROM app.profile_versions
WHERE user_id = %(viewer)s AND number = 0
RETURNING id;

-- name: delete_old_versions
-- Keep the latest 50 published versions of the viewer's profile; the ids of those that are deleted.
DELETE FROM app.profile_versions AS v
USING (
    SELECT every.number
    FROM app.profile_versions AS every
    WHERE every.user_id = %(viewer)s AND every.number > 0
    ORDER BY every.number DESC
    OFFSET 50
) AS old
WHERE v.user_id = %(viewer)s AND v.number = old.number
RETURNING v.id;

-- name: publish_documents
-- Let the viewer's profile look like this; its version.
UPDATE public.user_profiles
SET
    background_config = %(background_config)s::jsonb,
    music_config = %(music_config)s::jsonb,
    style_config = %(style_config)s::jsonb,
    layout_config = %(layout_config)s::jsonb,
    version = version + 1
WHERE user_id = %(viewer)s
RETURNING version;
