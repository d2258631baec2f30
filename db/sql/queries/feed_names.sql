-- name: feeds_by_names
-- The stored feeds of these names, each of the owner of a folded name, that the viewer may open, in no order. `place`
-- is where they stand among the names, from 1.
SELECT
    o.place,
    f.id
FROM unnest(%(owners)s::text[], %(names)s::text[]) WITH ORDINALITY AS o (owner, name, place)
INNER JOIN public.users AS u ON lower(u.username) = o.owner
INNER JOIN app.visible_feeds(%(viewer)s) AS f ON u.id = f.user_id AND lower(f.name) = lower(o.name);

-- name: free_feed_name
-- The first of these names that none of the viewer's feeds has, in any mix of upper and lower case; no row without one.
SELECT o.name
FROM unnest(%(names)s::text[]) WITH ORDINALITY AS o (name, place)
WHERE
    NOT EXISTS (
        SELECT FROM public.custom_feeds AS f
        WHERE f.user_id = %(viewer)s AND lower(f.name) = lower(o.name)
    )
ORDER BY o.place
LIMIT 1;
