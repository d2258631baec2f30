-- name: refresh_trending_posts
-- Find the 500 posts with the most engagement among the newest 100,000 public ones of the last hours, by people with a
-- public profile. What is said of a post that stays is changed only where its engagement has.
WITH recent AS MATERIALIZED (
    SELECT
        posts.id,
        posts.user_id,
        posts.visibility,
        posts.likes_count::bigint + posts.comments_count + posts.reposts_count AS score
    FROM public.posts
    WHERE posts.status = 'published' AND posts.created_at BETWEEN now() - make_interval(hours => %(hours)s) AND now()
    ORDER BY posts.created_at DESC, posts.id DESC
    LIMIT 100000
),

fresh AS MATERIALIZED (
    SELECT
        r.id,
        r.score
    FROM recent AS r
    INNER JOIN app.user_search AS author ON r.user_id = author.user_id
    INNER JOIN public.user_profiles AS profile ON r.user_id = profile.user_id
    WHERE r.visibility = 'public' AND r.score > 0 AND profile.visibility = 'public'
    ORDER BY r.score DESC, r.id DESC
    LIMIT 500
),

outdated AS (
    DELETE FROM app.trending_posts AS t
    WHERE t.hours = %(hours)s AND NOT EXISTS (
        SELECT 1 FROM fresh AS f
        WHERE f.id = t.post_id
    )
)

INSERT INTO app.trending_posts AS t (hours, post_id, score)
SELECT
    %(hours)s,
    f.id,
    f.score
FROM fresh AS f
ORDER BY f.id
ON CONFLICT (
    hours, post_id) DO UPDATE SET score = excluded.score
WHERE t.score <> excluded.score;

-- name: refresh_trending_tags
-- Find the 20 tags that more people used in these last hours than in as many hours before, those with the most new
-- people first; among the newest 100,000 posts that everybody may see. One person alone makes no trend.
WITH recent AS MATERIALIZED (
    SELECT
        posts.user_id,
        posts.tags,
        posts.visibility,
        posts.created_at > now() - make_interval(hours => %(hours)s) AS is_new
    FROM public.posts
    WHERE
        posts.status = 'published'
        AND posts.created_at BETWEEN now() - make_interval(hours => 2 * %(hours)s) AND now()
    ORDER BY posts.created_at DESC, posts.id DESC
    LIMIT 100000
),

fresh AS MATERIALIZED (
    SELECT
        counted.tag,
        counted.posts_count,
        counted.people_count,
        row_number() OVER (
            ORDER BY counted.people_count - counted.people_before DESC, counted.people_count DESC, counted.tag ASC
        ) AS position
    FROM (
        SELECT
            used.tag,
            count(*) FILTER (WHERE r.is_new) AS posts_count,
            count(DISTINCT r.user_id) FILTER (WHERE r.is_new) AS people_count,
            count(DISTINCT r.user_id) FILTER (WHERE NOT r.is_new) AS people_before
        FROM recent AS r
        INNER JOIN app.user_search AS author ON r.user_id = author.user_id
        INNER JOIN public.user_profiles AS profile ON r.user_id = profile.user_id
        CROSS JOIN LATERAL unnest(r.tags) AS used (tag)
        WHERE r.visibility = 'public' AND profile.visibility = 'public'
        GROUP BY used.tag
    ) AS counted
    WHERE counted.people_count >= 2 AND counted.people_count > counted.people_before
    ORDER BY position
    LIMIT 20
),

outdated AS (
    DELETE FROM app.trending_tags AS t
    WHERE t.hours = %(hours)s AND t.position > (SELECT count(*) FROM fresh)
)

INSERT INTO app.trending_tags AS t (hours, position, tag, posts_count, people_count)
SELECT
    %(hours)s,
    f.position,
    f.tag,
    f.posts_count,
    f.people_count
FROM fresh AS f
ORDER BY f.position
ON CONFLICT (hours, position) DO UPDATE
    SET tag = excluded.tag, posts_count = excluded.posts_count, people_count = excluded.people_count;

-- name: refresh_used_tags
-- Find the 20,000 tags that most people used, among the newest 100,000 posts that everybody may see. Only what has
-- changed is written.
WITH recent AS MATERIALIZED (
    SELECT
        posts.user_id,
        posts.tags,
        posts.visibility
    FROM public.posts
    WHERE posts.status = 'published' AND posts.created_at <= now()
    ORDER BY posts.created_at DESC, posts.id DESC
    LIMIT 100000
),

fresh AS MATERIALIZED (
    SELECT
        used.tag,
        count(DISTINCT r.user_id) AS people_count
    FROM recent AS r
    INNER JOIN app.user_search AS author ON r.user_id = author.user_id
    INNER JOIN public.user_profiles AS profile ON r.user_id = profile.user_id
    CROSS JOIN LATERAL unnest(r.tags) AS used (tag)
    WHERE r.visibility = 'public' AND profile.visibility = 'public'
    GROUP BY used.tag
    ORDER BY people_count DESC, used.tag ASC
    LIMIT 20000
),

outdated AS (
    DELETE FROM app.used_tags AS t
    WHERE NOT EXISTS (
        SELECT 1 FROM fresh AS f
        WHERE f.tag = t.name
    )
)

INSERT INTO app.used_tags AS t (name, people_count)
SELECT
    f.tag,
    f.people_count
FROM fresh AS f
ORDER BY f.tag
ON CONFLICT (
    name) DO UPDATE SET people_count = excluded.people_count
WHERE t.people_count <> excluded.people_count;
