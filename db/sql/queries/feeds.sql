-- name: feeds_by_user_ids
-- The feeds of these users, if they are the viewer's, in the order of the feed switcher: the first 100 of each. At the
-- same place the built-in one is first.
SELECT
    f.id,
    f.user_id,
    f.name,
    f.description,
    f.algorithm_config,
    f.is_default,
    f.display_order,
    f.created_at,
    f.updated_at,
    f.rules_version,
    f.sharing,
    f.forked_from_id,
    f.is_built_in
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN
    LATERAL (
        (
            SELECT
                own.id,
                own.user_id,
                own.name,
                own.description,
                own.algorithm_config,
                own.is_default,
                own.display_order,
                own.created_at,
                own.updated_at,
                own.rules_version,
                own.sharing,
                own.forked_from_id,
                FALSE AS is_built_in
            FROM public.custom_feeds AS own
            WHERE own.user_id = %(viewer)s AND own.user_id = o.owner_id
            ORDER BY own.display_order, own.id
            LIMIT 100
        )
        UNION ALL
        SELECT
            following.id,
            following.user_id,
            following.name,
            following.description,
            following.algorithm_config,
            following.is_default,
            following.display_order,
            following.created_at,
            following.updated_at,
            following.rules_version,
            following.sharing,
            following.forked_from_id,
            TRUE AS is_built_in
        FROM app.following_feeds(%(viewer)s) AS following
        WHERE following.user_id = o.owner_id
    ) AS f
ORDER BY f.user_id ASC, f.display_order ASC, f.is_built_in DESC, f.id ASC;

-- name: feeds_by_ids
-- The feeds among these ids that the viewer may open, in no order.
SELECT
    f.id,
    f.user_id,
    f.name,
    f.description,
    f.algorithm_config,
    f.is_default,
    f.display_order,
    f.created_at,
    f.updated_at,
    f.rules_version,
    f.sharing,
    f.forked_from_id,
    FALSE AS is_built_in
FROM app.visible_feeds(%(viewer)s) AS f
WHERE f.id = any(%(ids)s::bigint[])
UNION ALL
SELECT
    following.id,
    following.user_id,
    following.name,
    following.description,
    following.algorithm_config,
    following.is_default,
    following.display_order,
    following.created_at,
    following.updated_at,
    following.rules_version,
    following.sharing,
    following.forked_from_id,
    TRUE AS is_built_in
FROM app.following_feeds(%(viewer)s) AS following
WHERE following.id = any(%(ids)s::bigint[]);

-- name: public_feeds_by_user_ids
-- The feeds that these users share with everybody and that the viewer may open, in the order of their owners: the first
-- 50 of each.
SELECT
    f.id,
    f.user_id,
    f.name,
    f.description,
    f.algorithm_config,
    f.is_default,
    f.display_order,
    f.created_at,
    f.updated_at,
    f.rules_version,
    f.sharing,
    f.forked_from_id
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN
    LATERAL (
        SELECT shared.*
        FROM app.visible_feeds(%(viewer)s) AS shared
        WHERE shared.user_id = o.owner_id AND shared.sharing = 'public'
        ORDER BY shared.display_order, shared.id
        LIMIT 50
    ) AS f
ORDER BY f.user_id, f.display_order, f.id;


-- name: fork_counts_by_feed_ids
-- How many copies there are of each of these feeds, counted up to 1,000, in no order.
SELECT
    o.feed_id,
    (
        SELECT count(*)
        FROM (
            SELECT 1 FROM public.custom_feeds AS copy
            WHERE copy.forked_from_id = o.feed_id
            LIMIT 1000
        ) AS copies
    )::integer AS total
FROM unnest(%(ids)s::bigint[]) AS o (feed_id);

-- name: section_feeds_by_ids
-- The feeds of these ids, whoever may open them on their own, for sections of their owners; in no order.
SELECT
    f.id,
    f.user_id,
    f.name,
    f.description,
    f.algorithm_config,
    f.is_default,
    f.display_order,
    f.created_at,
    f.updated_at,
    f.rules_version
FROM public.custom_feeds AS f
WHERE f.id = any(%(ids)s::bigint[]);

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

-- name: lock_feeds_of_user
-- Let nobody else add, order or choose among the feeds of the viewer until the transaction ends; its id.
SELECT u.id
FROM public.users AS u
WHERE u.id = %(viewer)s
FOR NO KEY UPDATE;

-- name: lock_feed
-- A feed of the viewer, which nobody else changes until the transaction ends.
SELECT
    f.id,
    f.user_id,
    f.name,
    f.description,
    f.algorithm_config,
    f.is_default,
    f.display_order,
    f.created_at,
    f.updated_at,
    f.rules_version,
    f.sharing,
    f.forked_from_id
FROM public.custom_feeds AS f
WHERE f.id = %(feed_id)s AND f.user_id = %(viewer)s
FOR NO KEY UPDATE;

-- name: create_feed
-- A new feed, the last of the viewer's, after the built-in one, too; no row where it has 50 already.
INSERT INTO public.custom_feeds (user_id, name, description, algorithm_config, forked_from_id, display_order)
SELECT
    %(viewer)s::bigint AS user_id,
    %(name)s::text AS name,
    %(description)s::text AS description,
    %(algorithm_config)s::jsonb AS algorithm_config,
    %(forked_from_id)s::bigint AS forked_from_id,
    greatest(
        max(f.display_order) + 1,
        (SELECT following.display_order FROM app.following_feeds(%(viewer)s) AS following)
    ) AS display_order
FROM public.custom_feeds AS f
WHERE f.user_id = %(viewer)s
HAVING count(*) < 50
RETURNING id;

-- name: update_feed
-- Change a feed of the viewer; its id.
UPDATE public.custom_feeds
SET
    name = %(name)s,
    description = %(description)s,
    algorithm_config = %(algorithm_config)s::jsonb,
    rules_version = %(rules_version)s
WHERE id = %(feed_id)s AND user_id = %(viewer)s
RETURNING id;

-- name: delete_filters
-- Delete the filters of a feed of the viewer; their ids.
DELETE FROM public.feed_filters AS old
USING public.custom_feeds AS f
WHERE old.feed_id = f.id AND f.id = %(feed_id)s AND f.user_id = %(viewer)s
RETURNING old.id;

-- name: insert_filters
-- Write the filters of a feed of the viewer; their ids.
INSERT INTO public.feed_filters (feed_id, type, operator, value, group_id, logical_operator, display_order)
SELECT
    f.id AS feed_id,
    new.filter_type AS type,
    new.filter_operator AS operator,
    new.value,
    new.group_id,
    new.logical_operator,
    new.display_order
FROM public.custom_feeds AS f
CROSS JOIN
    jsonb_to_recordset(%(filters)s::jsonb)
        AS new (
            filter_type public.filter_type,
            filter_operator public.filter_operator,
            value jsonb,
            group_id integer,
            logical_operator text,
            display_order integer
        )
WHERE f.id = %(feed_id)s AND f.user_id = %(viewer)s
RETURNING id;

-- name: share_feed
-- Let others open a feed of the viewer, or nobody; its id.
UPDATE public.custom_feeds
SET sharing = %(sharing)s::app.feed_sharing
WHERE id = %(feed_id)s AND user_id = %(viewer)s
RETURNING id;

-- name: delete_feed
-- Delete a feed of the viewer with its filters; its id.
DELETE FROM public.custom_feeds
WHERE id = %(feed_id)s AND user_id = %(viewer)s
RETURNING id;

-- name: order_feeds
-- Put the feeds of the viewer into the order of these ids; the ids of those that are the viewer's, in no order.
UPDATE public.custom_feeds AS f
SET display_order = o.place - 1
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS o (id, place)
WHERE f.id = o.id AND f.user_id = %(viewer)s
RETURNING f.id;

-- name: place_following_feed
-- Put the built-in feed of the viewer at this place; the viewer's id.
INSERT INTO app.user_settings (user_id, following_feed_order)
VALUES (%(viewer)s, %(place)s)
ON CONFLICT (user_id) DO UPDATE SET following_feed_order = excluded.following_feed_order
RETURNING user_id AS id;

-- name: feed_ids_of_user
-- The ids of all stored feeds of the viewer, in no order.
SELECT f.id
FROM public.custom_feeds AS f
WHERE f.user_id = %(viewer)s;

-- name: release_default_feed
-- Let none of the viewer's feeds be the default but this one; the id of the one that was.
UPDATE public.custom_feeds
SET is_default = FALSE
WHERE user_id = %(viewer)s AND is_default AND id <> %(feed_id)s
RETURNING id;

-- name: choose_default_feed
-- Make a feed of the viewer the default; its id.
UPDATE public.custom_feeds
SET is_default = TRUE
WHERE id = %(feed_id)s AND user_id = %(viewer)s
RETURNING id;
