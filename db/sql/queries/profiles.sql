-- name: profile_documents_by_user_ids
-- The documents that shape the visible profiles of these users, in no order.
SELECT
    f.user_id,
    f.background_config,
    f.music_config,
    f.style_config,
    f.layout_config,
    f.version
FROM app.visible_profiles(%(viewer)s) AS f
WHERE f.user_id = any(%(ids)s::bigint[]);

-- name: sections_by_user_ids
-- The sections on the visible profiles of these users, in the order of each profile; hidden ones only for the owner.
SELECT
    s.id,
    s.user_id,
    s.type,
    s.title,
    s.description,
    s.config,
    s.display_order,
    s.is_visible
FROM public.profile_sections AS s
INNER JOIN app.visible_profiles(%(viewer)s) AS f ON s.user_id = f.user_id
WHERE s.user_id = any(%(ids)s::bigint[]) AND (s.is_visible OR s.user_id = %(viewer)s)
ORDER BY s.user_id, s.display_order, s.id;

-- name: sections_by_ids
-- The sections among these ids that the viewer may see, in no order; those of a draft or version with what they hold.
SELECT
    s.id,
    s.user_id,
    s.type,
    s.title,
    s.description,
    s.config,
    s.display_order,
    s.is_visible,
    NULL::jsonb AS content
FROM public.profile_sections AS s
INNER JOIN app.visible_profiles(%(viewer)s) AS f ON s.user_id = f.user_id
WHERE s.id = any(%(ids)s::bigint[]) AND (s.is_visible OR s.user_id = %(viewer)s)
UNION ALL
SELECT
    (kept.value ->> 'id')::bigint AS id,
    v.user_id,
    (kept.value ->> 'type')::public.section_type AS type,
    kept.value ->> 'title' AS title,
    kept.value ->> 'description' AS description,
    kept.value -> 'config' AS config,
    kept.place::integer - 1 AS display_order,
    (kept.value ->> 'is_visible')::boolean AS is_visible,
    kept.value -> 'content' AS content
FROM app.profile_versions AS v
CROSS JOIN LATERAL jsonb_array_elements(v.sections -> 'sections') WITH ORDINALITY AS kept (value, place)
WHERE
    v.user_id = %(viewer)s
    AND v.section_ids && %(ids)s::bigint[]
    AND (kept.value ->> 'id')::bigint = any(%(ids)s::bigint[]);

-- name: content_by_section_ids
-- What the owner put into these sections, in the order of each section.
SELECT
    c.id,
    c.section_id,
    c.content_type,
    c.title,
    c.content,
    c.url,
    c.display_order,
    c.media_id
FROM public.section_content AS c
WHERE c.section_id = any(%(ids)s::bigint[])
ORDER BY c.section_id, c.display_order, c.id;

-- name: content_by_ids
-- Among these ids, what stands in sections that the viewer may see, in no order.
SELECT
    c.id,
    c.section_id,
    c.content_type,
    c.title,
    c.content,
    c.url,
    c.display_order,
    c.media_id
FROM public.section_content AS c
INNER JOIN public.profile_sections AS s ON c.section_id = s.id
INNER JOIN app.visible_profiles(%(viewer)s) AS f ON s.user_id = f.user_id
WHERE c.id = any(%(ids)s::bigint[]) AND (s.is_visible OR s.user_id = %(viewer)s)
UNION ALL
SELECT
    (piece.value ->> 'id')::bigint AS id,
    (kept.value ->> 'id')::bigint AS section_id,
    piece.value ->> 'type' AS content_type,
    piece.value ->> 'title' AS title,
    piece.value ->> 'content' AS content,
    piece.value ->> 'url' AS url,
    piece.place::integer - 1 AS display_order,
    (piece.value ->> 'media_id')::bigint AS media_id
FROM app.profile_versions AS v
CROSS JOIN LATERAL jsonb_array_elements(v.sections -> 'sections') AS kept (value)
CROSS JOIN LATERAL jsonb_array_elements(kept.value -> 'content') WITH ORDINALITY AS piece (value, place)
WHERE
    v.user_id = %(viewer)s
    AND v.content_ids && %(ids)s::bigint[]
    AND (piece.value ->> 'id')::bigint = any(%(ids)s::bigint[]);

-- name: update_profile
-- Change what the viewer says about themselves: of these columns, those that are given.
UPDATE public.user_profiles
SET
    display_name = CASE WHEN 'display_name' = any(%(given)s::text[]) THEN %(display_name)s::text ELSE display_name END,
    bio = CASE WHEN 'bio' = any(%(given)s::text[]) THEN %(bio)s::text ELSE bio END,
    age = CASE WHEN 'age' = any(%(given)s::text[]) THEN %(age)s::smallint ELSE age END,
    location = CASE WHEN 'location' = any(%(given)s::text[]) THEN %(location)s::text ELSE location END,
    website = CASE WHEN 'website' = any(%(given)s::text[]) THEN %(website)s::text ELSE website END,
    avatar_media_id = CASE
        WHEN 'avatar_media_id' = any(%(given)s::text[]) THEN %(avatar_media_id)s::bigint ELSE avatar_media_id
    END
WHERE user_id = %(viewer)s
RETURNING user_id;

-- name: lock_profile_documents
-- The documents that shape the viewer's profile, which nobody else changes until the end of the transaction.
SELECT
    f.user_id,
    f.background_config,
    f.music_config,
    f.style_config,
    f.layout_config,
    f.version
FROM public.user_profiles AS f
WHERE f.user_id = %(viewer)s
FOR NO KEY UPDATE;

-- name: update_profile_documents
-- Replace those of the viewer's documents that are given.
UPDATE public.user_profiles
SET
    background_config = coalesce(%(background_config)s::jsonb, background_config),
    music_config = coalesce(%(music_config)s::jsonb, music_config),
    style_config = coalesce(%(style_config)s::jsonb, style_config),
    layout_config = coalesce(%(layout_config)s::jsonb, layout_config),
    version = version + 1
WHERE user_id = %(viewer)s
RETURNING user_id;

-- name: count_version
-- Count a change of what the viewer's profile shows; the viewer's id.
UPDATE public.user_profiles
SET version = version + 1
WHERE user_id = %(viewer)s
RETURNING user_id AS id;
