-- name: feed_by_id
-- The stored feed of this id, whoever may open it: for operators.
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
WHERE f.id = %(feed_id)s;
