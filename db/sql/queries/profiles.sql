-- name: profile_documents_by_user_ids
-- The documents that shape the visible profiles of these users, in no order.
SELECT
    f.user_id,
    f.background_config,
    f.music_config,
    f.style_config,
    f.layout_config
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
-- The sections among these ids that the viewer may see, in no order.
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
WHERE s.id = any(%(ids)s::bigint[]) AND (s.is_visible OR s.user_id = %(viewer)s);

-- name: content_by_section_ids
-- What the owner put into these sections, in the order of each section.
SELECT
    c.id,
    c.section_id,
    c.content_type,
    c.title,
    c.content,
    c.url,
    c.display_order
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
    c.display_order
FROM public.section_content AS c
INNER JOIN public.profile_sections AS s ON c.section_id = s.id
INNER JOIN app.visible_profiles(%(viewer)s) AS f ON s.user_id = f.user_id
WHERE c.id = any(%(ids)s::bigint[]) AND (s.is_visible OR s.user_id = %(viewer)s);

-- name: list_members_by_section_ids
-- For each list section, the ids of the visible members of its list, the latest first. The list is the section
-- owner's and public, or the viewer's own.
-- keyset
SELECT
    o.owner_id,
    m.created_at,
    m.id,
    m.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
INNER JOIN public.profile_sections AS s ON o.owner_id = s.id AND s.type = 'list'
INNER JOIN public.user_lists AS l
    ON
        (s.config ->> 'list_id')::bigint = l.id
        AND s.user_id = l.user_id
        AND (l.is_public OR l.user_id = %(viewer)s)
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop
    FROM (
        SELECT
            lm.created_at,
            lm.user_id AS id,
            row_number() OVER (ORDER BY lm.created_at DESC, lm.user_id DESC) AS nth
        FROM public.list_members AS lm
        WHERE
            lm.list_id = l.id
            AND (lm.created_at, lm.user_id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (lm.created_at, lm.user_id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY lm.created_at DESC, lm.user_id DESC
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

-- name: update_profile
-- Change what the viewer says about themselves: of these columns, those that are given.
UPDATE public.user_profiles
SET
    display_name = CASE WHEN 'display_name' = any(%(given)s::text[]) THEN %(display_name)s::text ELSE display_name END,
    bio = CASE WHEN 'bio' = any(%(given)s::text[]) THEN %(bio)s::text ELSE bio END,
    age = CASE WHEN 'age' = any(%(given)s::text[]) THEN %(age)s::smallint ELSE age END,
    location = CASE WHEN 'location' = any(%(given)s::text[]) THEN %(location)s::text ELSE location END,
    website = CASE WHEN 'website' = any(%(given)s::text[]) THEN %(website)s::text ELSE website END
WHERE user_id = %(viewer)s
RETURNING user_id;

-- name: lock_profile_documents
-- The documents that shape the viewer's profile, which nobody else changes until the end of the transaction.
SELECT
    f.user_id,
    f.background_config,
    f.music_config,
    f.style_config,
    f.layout_config
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
    layout_config = coalesce(%(layout_config)s::jsonb, layout_config)
WHERE user_id = %(viewer)s
RETURNING user_id;
