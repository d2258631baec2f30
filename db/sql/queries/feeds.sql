-- name: feeds_by_user_ids
-- The custom feeds of these users, if they are the viewer's, in the order of the feed switcher: the first 100 of each.
SELECT
    f.id,
    f.user_id,
    f.name,
    f.description,
    f.algorithm_config,
    f.is_default,
    f.display_order,
    f.created_at,
    f.updated_at
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN
    LATERAL (
        SELECT own.*
        FROM public.custom_feeds AS own
        WHERE own.user_id = %(viewer)s AND own.user_id = o.owner_id
        ORDER BY own.display_order, own.id
        LIMIT 100
    ) AS f
ORDER BY f.user_id, f.display_order, f.id;

-- name: feeds_by_ids
-- The custom feeds among these ids that are the viewer's, in no order.
SELECT
    f.id,
    f.user_id,
    f.name,
    f.description,
    f.algorithm_config,
    f.is_default,
    f.display_order,
    f.created_at,
    f.updated_at
FROM public.custom_feeds AS f
WHERE f.id = any(%(ids)s::bigint[]) AND f.user_id = %(viewer)s;

-- name: feeds_by_section_ids
-- The feed that each of these feed sections runs: one of the section's owner, in no order.
SELECT
    s.id AS section_id,
    f.id,
    f.user_id,
    f.name,
    f.description,
    f.algorithm_config,
    f.is_default,
    f.display_order,
    f.created_at,
    f.updated_at
FROM public.profile_sections AS s
INNER JOIN public.custom_feeds AS f ON (s.config ->> 'feed_id')::bigint = f.id AND s.user_id = f.user_id
WHERE s.id = any(%(ids)s::bigint[]) AND s.type = 'feed';

-- name: filters_by_feed_ids
-- The filters of these feeds, in the order in which people see them.
SELECT
    f.feed_id,
    f.type AS filter_type,
    f.operator AS filter_operator,
    f.value,
    f.group_id,
    f.logical_operator,
    f.display_order
FROM public.feed_filters AS f
WHERE f.feed_id = any(%(ids)s::bigint[])
ORDER BY f.feed_id, f.group_id, f.display_order;
