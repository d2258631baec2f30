-- name: users_by_ids
-- The users among these ids that the viewer may see, each with what it shows of its profile, in no order.
SELECT
    u.id,
    u.username,
    u.created_at,
    f.user_id IS NOT NULL AS has_profile,
    f.display_name,
    f.bio,
    f.age,
    f.location,
    f.website,
    f.visibility,
    m.id AS avatar_id,
    coalesce(m.thumbnail_url, m.file_url) AS avatar_url,
    m.thumbnails AS avatar_thumbnails
FROM app.visible_users(%(viewer)s) AS u
LEFT JOIN app.visible_profiles(%(viewer)s) AS f ON u.id = f.user_id
LEFT JOIN public.post_media AS m ON f.avatar_media_id = m.id
WHERE u.id = any(%(ids)s::bigint[]);

-- name: user_counts_by_user_ids
-- For each of these users whose profile the viewer may see, how many posts they have published and, unless they hide
-- it, how many people follow them, they follow, and both; in no order.
SELECT
    f.user_id,
    c.posts_count,
    CASE WHEN circle.user_id IS NOT NULL THEN c.followers_count END AS followers_count,
    CASE WHEN circle.user_id IS NOT NULL THEN c.following_count END AS following_count,
    CASE WHEN circle.user_id IS NOT NULL THEN c.friends_count END AS friends_count
FROM app.visible_profiles(%(viewer)s) AS f
INNER JOIN app.user_counts AS c ON f.user_id = c.user_id
LEFT JOIN app.visible_circles(%(viewer)s) AS circle ON f.user_id = circle.user_id
WHERE f.user_id = any(%(ids)s::bigint[]);

-- name: user_id_by_username
-- The id of the user of this name, folded.
SELECT u.id
FROM app.visible_users(%(viewer)s) AS u
WHERE lower(u.username) = %(username)s;

-- name: users_by_name
-- The people whom the viewer may see by their user name or the display name of their public profile, the best first:
-- whose name it is, whose name begins with it, and, where those are few, whose name has something like it. Of each kind
-- a hundred are looked at, and two hundred of the last. The function is inlined only where it is given columns: else it
-- would look at all that are alike.
-- keyset
WITH wanted AS MATERIALIZED (
    SELECT
        nullif(app.search_name(%(name)s::text), '') AS name,
        nullif(app.search_name(%(name)s::text), '') || U&'\+10FFFF' AS beyond
),

beginning AS MATERIALIZED (
    (
        SELECT
            s.user_id,
            s.username,
            s.name
        FROM app.user_search AS s
        WHERE
            s.username >= (SELECT wanted.name FROM wanted)
            AND s.username < (SELECT wanted.beyond FROM wanted)
        ORDER BY s.username, s.user_id
        LIMIT 100
    )
    UNION
    (
        SELECT
            s.user_id,
            s.username,
            s.name
        FROM app.user_search AS s
        WHERE
            s.name IS NOT NULL
            AND s.name >= (SELECT wanted.name FROM wanted)
            AND s.name < (SELECT wanted.beyond FROM wanted)
        ORDER BY s.name, s.user_id
        LIMIT 100
    )
),

alike AS MATERIALIZED (
    SELECT
        found.user_id,
        found.username,
        found.name
    FROM (
        SELECT block.number
        FROM generate_series(0, ((SELECT max(s.user_id) FROM app.user_search AS s) >> 14)::integer) AS block (number)
        WHERE (SELECT count(*) FROM beginning) < 100
    ) AS block
    CROSS JOIN wanted
    CROSS JOIN
        LATERAL (
            SELECT
                s.user_id,
                s.username,
                s.name
            FROM app.people_named_like(wanted.name, block.number) AS s
            LIMIT 200
        ) AS found
    LIMIT 200
),

ranked AS (
    SELECT
        person.user_id AS id,
        CASE
            WHEN person.username = wanted.name THEN 4000
            WHEN person.name = wanted.name THEN 3000
            WHEN starts_with(person.username, wanted.name) OR starts_with(person.name, wanted.name) THEN 2000
            ELSE 0
        END + round(1000 * greatest(
            similarity(person.username, wanted.name), similarity(coalesce(person.name, ''), wanted.name)
        ))::bigint AS score
    FROM (
        SELECT
            b.user_id,
            b.username,
            b.name
        FROM beginning AS b
        UNION
        SELECT
            n.user_id,
            n.username,
            n.name
        FROM alike AS n
    ) AS person
    CROSS JOIN wanted
)

SELECT
    r.score,
    r.id
FROM ranked AS r
WHERE
    (r.score, r.id) < (%(after_score)s::bigint, %(after_id)s::bigint)
    AND (r.score, r.id) > (%(before_score)s::bigint, %(before_id)s::bigint)
    AND EXISTS (
        SELECT 1 FROM app.visible_users(%(viewer)s) AS u
        WHERE u.id = r.id OFFSET 0
    )
ORDER BY r.score DESC, r.id DESC
LIMIT %(limit)s::integer;

-- name: viewer_relations_by_user_ids
-- How the viewer stands to each of these users: follows, followed_by and friend, a row for each that holds.
-- Asked of each user by itself: together, the planner takes the viewer for somebody with few follows, and reads all.
SELECT
    o.user_id,
    found.relation
FROM unnest(%(ids)s::bigint[]) AS o (user_id)
CROSS JOIN LATERAL (
    SELECT 'follows' AS relation
    FROM public.user_follows AS f
    WHERE f.follower_id = %(viewer)s AND f.following_id = o.user_id
    UNION ALL
    SELECT 'followed_by' AS relation
    FROM public.user_follows AS f
    WHERE f.following_id = %(viewer)s AND f.follower_id = o.user_id
    UNION ALL
    SELECT 'friend' AS relation
    FROM public.friendships AS f
    WHERE
        f.user_id_1 = least(%(viewer)s::bigint, o.user_id)
        AND f.user_id_2 = greatest(%(viewer)s::bigint, o.user_id)
    LIMIT 3
) AS found;

-- name: followers_by_user_ids
-- For each owner, the ids of the visible users who follow it, the latest follow first; none where the owner hides them.
-- keyset
SELECT
    o.owner_id,
    f.created_at,
    f.id,
    f.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
INNER JOIN app.visible_circles(%(viewer)s) AS circle ON o.owner_id = circle.user_id
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop
    FROM (
        SELECT
            uf.created_at,
            uf.follower_id AS id,
            row_number() OVER (ORDER BY uf.created_at DESC, uf.follower_id DESC) AS nth
        FROM public.user_follows AS uf
        WHERE
            uf.following_id = o.owner_id
            AND (uf.created_at, uf.follower_id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (uf.created_at, uf.follower_id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY uf.created_at DESC, uf.follower_id DESC
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
) AS f;

-- name: following_by_user_ids
-- For each owner, the ids of the visible users whom it follows, the latest follow first; none where the owner
-- hides them.
-- keyset
SELECT
    o.owner_id,
    f.created_at,
    f.id,
    f.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
INNER JOIN app.visible_circles(%(viewer)s) AS circle ON o.owner_id = circle.user_id
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop
    FROM (
        SELECT
            uf.created_at,
            uf.following_id AS id,
            row_number() OVER (ORDER BY uf.created_at DESC, uf.following_id DESC) AS nth
        FROM public.user_follows AS uf
        WHERE
            uf.follower_id = o.owner_id
            AND (uf.created_at, uf.following_id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (uf.created_at, uf.following_id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY uf.created_at DESC, uf.following_id DESC
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
) AS f;

-- name: friends_by_user_ids
-- For each owner, the ids of its visible friends, the latest friendship first; none where the owner hides them.
-- keyset
SELECT
    o.owner_id,
    f.created_at,
    f.id,
    f.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
INNER JOIN app.visible_circles(%(viewer)s) AS circle ON o.owner_id = circle.user_id
CROSS JOIN LATERAL (
    SELECT
        b.created_at,
        b.id,
        b.is_stop
    FROM (
        (
            SELECT
                side_1.created_at,
                side_1.id,
                side_1.nth = %(reach)s::integer AS is_stop
            FROM (
                SELECT
                    f1.created_at,
                    f1.user_id_2 AS id,
                    row_number() OVER (ORDER BY f1.created_at DESC, f1.user_id_2 DESC) AS nth
                FROM public.friendships AS f1
                WHERE
                    f1.user_id_1 = o.owner_id
                    AND (f1.created_at, f1.user_id_2) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
                    AND (f1.created_at, f1.user_id_2) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
                ORDER BY f1.created_at DESC, f1.user_id_2 DESC
                LIMIT %(reach)s::integer
            ) AS side_1
            WHERE
                side_1.nth = %(reach)s::integer
                OR EXISTS (
                    SELECT 1 FROM app.visible_users(%(viewer)s) AS u
                    WHERE u.id = side_1.id OFFSET 0
                )
            ORDER BY side_1.created_at DESC, side_1.id DESC
            LIMIT %(limit)s::integer
        )
        UNION ALL
        (
            SELECT
                side_2.created_at,
                side_2.id,
                side_2.nth = %(reach)s::integer AS is_stop
            FROM (
                SELECT
                    f2.created_at,
                    f2.user_id_1 AS id,
                    row_number() OVER (ORDER BY f2.created_at DESC, f2.user_id_1 DESC) AS nth
                FROM public.friendships AS f2
                WHERE
                    f2.user_id_2 = o.owner_id
                    AND (f2.created_at, f2.user_id_1) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
                    AND (f2.created_at, f2.user_id_1) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
                ORDER BY f2.created_at DESC, f2.user_id_1 DESC
                LIMIT %(reach)s::integer
            ) AS side_2
            WHERE
                side_2.nth = %(reach)s::integer
                OR EXISTS (
                    SELECT 1 FROM app.visible_users(%(viewer)s) AS u
                    WHERE u.id = side_2.id OFFSET 0
                )
            ORDER BY side_2.created_at DESC, side_2.id DESC
            LIMIT %(limit)s::integer
        )
    ) AS b
    ORDER BY b.created_at DESC, b.id DESC
    LIMIT %(limit)s::integer
) AS f;

-- name: follow_user
-- Follow a visible user; a row for a new follow, none when it was there already or there is no such user.
INSERT INTO public.user_follows (follower_id, following_id)
SELECT
    %(viewer)s,
    u.id
FROM app.visible_users(%(viewer)s) AS u
WHERE u.id = %(user_id)s
ON CONFLICT (follower_id, following_id) DO NOTHING
RETURNING following_id;

-- name: unfollow_user
-- Undo a follow; a row when there was one.
DELETE FROM public.user_follows
WHERE follower_id = %(viewer)s AND following_id = %(user_id)s
RETURNING following_id;
