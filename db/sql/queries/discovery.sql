-- name: popular_posts
-- The public posts with the most engagement that the viewer may see: by powers of two of likes, comments and reposts
-- together, and the newest first among those of one power, which is the order of an index.
-- keyset
SELECT
    candidate.engagement_bucket,
    candidate.created_at,
    candidate.id,
    candidate.nth = %(reach)s::integer AS is_stop
FROM (
    SELECT
        posts.engagement_bucket,
        posts.created_at,
        posts.id,
        row_number() OVER (ORDER BY posts.engagement_bucket DESC, posts.created_at DESC, posts.id DESC) AS nth
    FROM public.posts
    WHERE
        posts.status = 'published'
        AND (posts.engagement_bucket, posts.created_at, posts.id)
        < (%(after_engagement_bucket)s::bigint, %(after_created_at)s::timestamptz, %(after_id)s::bigint)
        AND (posts.engagement_bucket, posts.created_at, posts.id)
        > (%(before_engagement_bucket)s::bigint, %(before_created_at)s::timestamptz, %(before_id)s::bigint)
    ORDER BY posts.engagement_bucket DESC, posts.created_at DESC, posts.id DESC
    LIMIT %(reach)s::integer
) AS candidate
WHERE
    candidate.nth = %(reach)s::integer
    OR EXISTS (
        SELECT 1 FROM app.visible_posts(%(viewer)s) AS p
        WHERE p.id = candidate.id AND p.visibility = 'public' OFFSET 0
    )
ORDER BY candidate.engagement_bucket DESC, candidate.created_at DESC, candidate.id DESC
LIMIT %(limit)s::integer;

-- name: posts_of_circle
-- The posts with the most engagement, in the order of popular_posts or backward, among the 20 newest of each person
-- within two degrees of friendship of the viewer: of the 200 latest friends, then of up to 100 friends of each, those
-- whom most of them know first; 500 people in all, without the muted. Friends who hide whom they know lead to nobody.
WITH friends AS MATERIALIZED (
    SELECT either.user_id
    FROM (
        (
            SELECT
                side_1.user_id_2 AS user_id,
                side_1.created_at
            FROM public.friendships AS side_1
            WHERE side_1.user_id_1 = %(viewer)s::bigint
            ORDER BY side_1.created_at DESC
            LIMIT 200
        )
        UNION ALL
        (
            SELECT
                side_2.user_id_1 AS user_id,
                side_2.created_at
            FROM public.friendships AS side_2
            WHERE side_2.user_id_2 = %(viewer)s::bigint
            ORDER BY side_2.created_at DESC
            LIMIT 200
        )
    ) AS either
    ORDER BY either.created_at DESC, either.user_id ASC
    LIMIT 200
),

circle AS MATERIALIZED (
    SELECT found.user_id
    FROM (
        SELECT
            friends.user_id,
            1 AS degree
        FROM friends
        UNION ALL
        SELECT
            second.user_id,
            2 AS degree
        FROM friends
        CROSS JOIN
            LATERAL (
                SELECT c.user_id
                FROM app.visible_circles(%(viewer)s) AS c
                WHERE c.user_id = friends.user_id
                LIMIT 1
            ) AS open_friend
        CROSS JOIN LATERAL (
            (
                SELECT side_1.user_id_2 AS user_id
                FROM public.friendships AS side_1
                WHERE side_1.user_id_1 = open_friend.user_id
                ORDER BY side_1.created_at DESC
                LIMIT 50
            )
            UNION ALL
            (
                SELECT side_2.user_id_1 AS user_id
                FROM public.friendships AS side_2
                WHERE side_2.user_id_2 = open_friend.user_id
                ORDER BY side_2.created_at DESC
                LIMIT 50
            )
        ) AS second
    ) AS found
    WHERE
        found.user_id <> %(viewer)s::bigint
        AND (found.user_id IN (
            SELECT m.muted_id FROM app.user_mutes AS m
            WHERE m.muter_id = %(viewer)s
        )) IS NOT TRUE
    GROUP BY found.user_id
    ORDER BY min(found.degree), count(*) DESC, found.user_id
    LIMIT 500
),

candidate AS MATERIALIZED (
    SELECT
        p.engagement_bucket,
        p.created_at,
        p.id,
        CASE WHEN %(backward)s::boolean THEN -1 ELSE 1 END
        * row_number() OVER (ORDER BY p.engagement_bucket DESC, p.created_at DESC, p.id DESC) AS place
    FROM circle
    CROSS JOIN
        LATERAL (
            SELECT
                shared.engagement_bucket,
                shared.created_at,
                shared.id
            FROM public.posts AS shared
            WHERE
                shared.user_id = circle.user_id
                AND shared.status = 'published'
                AND shared.visibility <> 'private'
            ORDER BY shared.created_at DESC, shared.id DESC
            LIMIT 20
        ) AS p
    WHERE
        (p.engagement_bucket, p.created_at, p.id)
        < (%(after_engagement_bucket)s::bigint, %(after_created_at)s::timestamptz, %(after_id)s::bigint)
        AND (p.engagement_bucket, p.created_at, p.id)
        > (%(before_engagement_bucket)s::bigint, %(before_created_at)s::timestamptz, %(before_id)s::bigint)
)

SELECT
    looked_at.engagement_bucket,
    looked_at.created_at,
    looked_at.id,
    looked_at.nth = %(reach)s::integer AS is_stop
FROM (
    SELECT
        c.engagement_bucket,
        c.created_at,
        c.id,
        c.place,
        row_number() OVER (ORDER BY c.place) AS nth
    FROM candidate AS c
    ORDER BY c.place
    LIMIT %(reach)s::integer
) AS looked_at
WHERE
    looked_at.nth = %(reach)s::integer
    OR EXISTS (
        SELECT 1 FROM app.visible_posts(%(viewer)s) AS p
        WHERE p.id = looked_at.id OFFSET 0
    )
ORDER BY looked_at.place
LIMIT %(limit)s::integer;

-- name: trending_posts
-- The posts that were popular among those of the last hours, as the job of db/queries/trending.py found them, as far as
-- the viewer may see them, those with the most engagement first.
-- keyset
SELECT
    candidate.score,
    candidate.id,
    candidate.nth = %(reach)s::integer AS is_stop
FROM (
    SELECT
        t.score,
        t.post_id AS id,
        row_number() OVER (ORDER BY t.score DESC, t.post_id DESC) AS nth
    FROM app.trending_posts AS t
    WHERE
        t.hours = %(hours)s::smallint
        AND (t.score, t.post_id) < (%(after_score)s::bigint, %(after_id)s::bigint)
        AND (t.score, t.post_id) > (%(before_score)s::bigint, %(before_id)s::bigint)
    ORDER BY t.score DESC, t.post_id DESC
    LIMIT %(reach)s::integer
) AS candidate
WHERE
    candidate.nth = %(reach)s::integer
    OR EXISTS (
        SELECT 1 FROM app.visible_posts(%(viewer)s) AS p
        WHERE p.id = candidate.id AND p.visibility = 'public' OFFSET 0
    )
ORDER BY candidate.score DESC, candidate.id DESC
LIMIT %(limit)s::integer;

-- name: trending_tags
-- The tags that more people used in these last hours than in those before, as the job found them, in its order.
SELECT
    t.tag,
    t.posts_count,
    t.people_count
FROM app.trending_tags AS t
WHERE t.hours = %(hours)s::smallint
ORDER BY t.position;
