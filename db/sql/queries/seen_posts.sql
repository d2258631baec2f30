-- name: seen_posts_by_ids
-- Those of these posts that the viewer has seen, in no order.
-- Asked of each post by itself: together, the planner may read all that the viewer has seen.
SELECT o.post_id AS id
FROM unnest(%(ids)s::bigint[]) AS o (post_id)
CROSS JOIN LATERAL (
    SELECT FROM app.seen_posts AS s
    WHERE s.user_id = %(viewer)s AND s.post_id = o.post_id
    LIMIT 1
) AS found;

-- name: latest_mark
-- The number of the viewer's latest mark; none before the first.
SELECT m.latest
FROM app.seen_marks AS m
WHERE m.user_id = %(viewer)s;

-- name: mark_seen
-- Note that the viewer has seen these posts, and forget as many of the oldest as are more than are kept; the published
-- ones among them that the viewer may see, and whether each is noted only now.
-- The row of marks is locked before any other, so two devices wait for one another. Who waits counts a post that the
-- other one has just noted: its number is left out, and nothing else happens.
WITH visible AS (
    SELECT p.id
    FROM app.visible_posts(%(viewer)s) AS p
    WHERE p.id = any(%(ids)s::bigint[])
),

fresh AS (
    SELECT
        visible.id,
        row_number() OVER (ORDER BY visible.id) AS place
    FROM visible
    WHERE
        NOT EXISTS (
            SELECT FROM app.seen_posts AS s
            WHERE s.user_id = %(viewer)s AND s.post_id = visible.id
            OFFSET 0
        )
),

marks AS (
    INSERT INTO app.seen_marks AS m (user_id, latest)
    SELECT
        %(viewer)s,
        count(*)
    FROM fresh
    HAVING count(*) > 0
    ON CONFLICT (user_id) DO UPDATE
        SET latest = m.latest + excluded.latest
    RETURNING m.latest, m.latest - (SELECT count(*) FROM fresh) AS earlier
),

noted AS (
    INSERT INTO app.seen_posts (user_id, post_id, mark)
    SELECT
        %(viewer)s,
        fresh.id,
        marks.earlier + fresh.place
    FROM marks
    CROSS JOIN fresh
    ON CONFLICT (user_id, post_id) DO NOTHING
    RETURNING post_id
),

forgotten AS (
    DELETE FROM app.seen_posts AS s
    USING marks
    WHERE
        s.user_id = %(viewer)s
        AND s.mark > marks.earlier - %(kept)s::bigint
        AND s.mark <= marks.latest - %(kept)s::bigint
)

SELECT
    visible.id,
    noted.post_id IS NOT NULL AS is_new
FROM visible
LEFT JOIN noted ON visible.id = noted.post_id;
