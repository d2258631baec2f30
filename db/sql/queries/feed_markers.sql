-- name: markers_by_feed_ids
-- How far the viewer has read these feeds, in no order.
SELECT
    m.feed_id,
    m.rules_version,
    m.score,
    m.post_created_at AS created_at,
    m.post_id AS id,
    m.set_at
FROM app.feed_markers AS m
WHERE m.user_id = %(viewer)s AND m.feed_id = any(%(ids)s::bigint[]);

-- name: set_feed_marker
-- Note how far the viewer has read a feed that they may open; nothing where they have as many markers as there may be.
INSERT INTO app.feed_markers (user_id, feed_id, rules_version, score, post_created_at, post_id)
SELECT
    %(viewer)s,
    f.id,
    %(rules_version)s,
    %(score)s,
    %(created_at)s,
    %(post_id)s
FROM (
    SELECT stored.id FROM app.visible_feeds(%(viewer)s) AS stored
    WHERE stored.id = %(feed_id)s
    UNION ALL
    SELECT following.id FROM app.following_feeds(%(viewer)s) AS following
    WHERE following.id = %(feed_id)s
) AS f
WHERE
    (
        SELECT count(*) FROM (
            SELECT 1 FROM app.feed_markers AS other
            WHERE other.user_id = %(viewer)s AND other.feed_id <> %(feed_id)s
            LIMIT %(most)s
        ) AS others
    ) < %(most)s
ON CONFLICT (user_id, feed_id) DO UPDATE
    SET
        rules_version = excluded.rules_version,
        score = excluded.score,
        post_created_at = excluded.post_created_at,
        post_id = excluded.post_id,
        set_at = now()
RETURNING feed_id AS id;

-- name: delete_lost_markers
-- Forget how far the viewer has read those feeds that they can open no more.
DELETE FROM app.feed_markers AS m
WHERE
    m.user_id = %(viewer)s
    AND m.feed_id <> (SELECT following.id FROM app.following_feeds(%(viewer)s) AS following)
    AND NOT EXISTS (
        SELECT 1 FROM app.visible_feeds(%(viewer)s) AS f
        WHERE f.id = m.feed_id
        OFFSET 0
    )
RETURNING m.feed_id AS id;

-- name: delete_feed_marker
-- Forget how far the viewer has read a feed.
DELETE FROM app.feed_markers
WHERE user_id = %(viewer)s AND feed_id = %(feed_id)s
RETURNING feed_id AS id;
