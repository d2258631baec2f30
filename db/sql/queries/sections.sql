-- name: own_sections
-- The sections of the viewer's published profile, in their order.
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
WHERE s.user_id = %(viewer)s
ORDER BY s.display_order, s.id;

-- name: own_pieces
-- The pieces in the viewer's sections with how many characters each has, in no order.
SELECT
    c.id,
    c.section_id,
    coalesce(char_length(c.title), 0) + coalesce(char_length(c.content), 0) + coalesce(char_length(c.url), 0) AS size
FROM public.section_content AS c
INNER JOIN public.profile_sections AS s ON c.section_id = s.id
WHERE s.user_id = %(viewer)s;

-- name: own_sources
-- Which of these feeds and lists are the viewer's, in no order.
SELECT
    'feed' AS kind,
    f.id
FROM public.custom_feeds AS f
WHERE f.user_id = %(viewer)s AND f.id = any(%(feed_ids)s::bigint[])
UNION ALL
SELECT
    'list' AS kind,
    l.id
FROM public.user_lists AS l
WHERE l.user_id = %(viewer)s AND l.id = any(%(list_ids)s::bigint[]);

-- name: delete_sections
-- Delete these sections of the viewer with what they hold; their ids.
DELETE FROM public.profile_sections
WHERE user_id = %(viewer)s AND id = any(%(ids)s::bigint[])
RETURNING id;

-- name: update_sections
-- Give these sections of the viewer the values that they do not have yet; their ids.
UPDATE public.profile_sections AS s
SET
    title = given.title,
    description = given.description,
    config = given.config,
    display_order = given.display_order,
    is_visible = given.is_visible
FROM
    jsonb_to_recordset(%(sections)s::jsonb)
        AS given (
            id bigint,
            title text,
            description text,
            config jsonb,
            display_order integer,
            is_visible boolean
        )
WHERE
    s.id = given.id
    AND s.user_id = %(viewer)s
    AND (s.title, s.description, s.config, s.display_order, s.is_visible)
    IS DISTINCT FROM (given.title, given.description, given.config, given.display_order, given.is_visible)
RETURNING s.id;

-- name: insert_sections
-- New sections of the viewer; their ids with their places, in no order.
INSERT INTO public.profile_sections (user_id, type, title, description, config, display_order, is_visible)
SELECT
    %(viewer)s::bigint AS user_id,
    given.type,
    given.title,
    given.description,
    given.config,
    given.display_order,
    given.is_visible
FROM
    jsonb_to_recordset(%(sections)s::jsonb)
        AS given (
            type public.section_type,
            title text,
            description text,
            config jsonb,
            display_order integer,
            is_visible boolean
        )
ORDER BY given.display_order
RETURNING id, display_order;

-- name: delete_pieces
-- Delete these pieces in sections of the viewer; their ids.
DELETE FROM public.section_content AS c
USING public.profile_sections AS s
WHERE c.section_id = s.id AND s.user_id = %(viewer)s AND c.id = any(%(ids)s::bigint[])
RETURNING c.id;

-- name: update_pieces
-- Give these pieces in sections of the viewer the values that they do not have yet; their ids.
UPDATE public.section_content AS c
SET
    content_type = given.content_type,
    title = given.title,
    content = given.content,
    url = given.url,
    media_id = given.media_id,
    display_order = given.display_order
FROM
    jsonb_to_recordset(%(pieces)s::jsonb)
        AS given (
            id bigint,
            section_id bigint,
            content_type text,
            title text,
            content text,
            url text,
            media_id bigint,
            display_order integer
        )
INNER JOIN public.profile_sections AS s ON given.section_id = s.id
WHERE
    c.id = given.id
    AND c.section_id = given.section_id
    AND s.user_id = %(viewer)s
    AND (c.content_type, c.title, c.content, c.url, c.media_id, c.display_order)
    IS DISTINCT FROM (
        given.content_type, given.title, given.content, given.url, given.media_id, given.display_order
    )
RETURNING c.id;

-- name: insert_pieces
-- New pieces in sections of the viewer; their ids.
INSERT INTO public.section_content (section_id, content_type, title, content, url, media_id, display_order)
SELECT
    s.id AS section_id,
    given.content_type,
    given.title,
    given.content,
    given.url,
    given.media_id,
    given.display_order
FROM
    jsonb_to_recordset(%(pieces)s::jsonb)
        AS given (
            section_id bigint,
            content_type text,
            title text,
            content text,
            url text,
            media_id bigint,
            display_order integer
        )
INNER JOIN public.profile_sections AS s ON given.section_id = s.id
WHERE s.user_id = %(viewer)s
ORDER BY given.section_id, given.display_order
RETURNING id;
