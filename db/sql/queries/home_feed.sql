-- name: home_feed
-- The published posts of the people whom the viewer follows and has not muted, newest first.
-- keyset
WITH followed AS MATERIALIZED (
    SELECT f.following_id AS user_id
    FROM public.user_follows AS f
    WHERE
        f.follower_id = %(viewer)s
        AND (f.following_id IN (
            SELECT m.muted_id FROM app.user_mutes AS m
            WHERE m.muter_id = %(viewer)s
        )) IS NOT TRUE
),

-- Who follows many finds the page among the newest posts of all: as many as cost a fraction of asking each followed
-- author. They are read in order and no further than the page needs: `IS TRUE` keeps the follows a hash to look into,
-- where a join would read all of the posts first, and a LATERAL with a LIMIT cannot be turned into a join either.
recent AS MATERIALIZED (
    SELECT p.*
    FROM (
        SELECT
            posts.id,
            posts.user_id,
            posts.created_at
        FROM public.posts
        WHERE
            posts.status = 'published'
            AND (posts.created_at, posts.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (posts.created_at, posts.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY posts.created_at DESC, posts.id DESC
        LIMIT (SELECT 10 * count(*) FROM followed)
    ) AS candidate
    CROSS JOIN
        LATERAL (
            SELECT vp.*
            FROM app.visible_posts(%(viewer)s) AS vp
            WHERE vp.id = candidate.id
            LIMIT 1
        ) AS p
    WHERE (candidate.user_id IN (SELECT f.user_id FROM followed AS f)) IS TRUE
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
),

-- If that gives less than a page: its posts have at most as many authors as the page has posts, and each of them is
-- among the visible authors whose newest post is newest.
authors AS MATERIALIZED (
    SELECT
        candidate.user_id,
        candidate.created_at
    FROM (
        SELECT
            f.user_id,
            newest.created_at,
            newest.id
        FROM followed AS f
        CROSS JOIN
            LATERAL (
                SELECT
                    op.created_at,
                    op.id
                FROM app.open_posts(%(viewer)s) AS op
                WHERE
                    op.user_id = f.user_id
                    AND op.visibility <> 'private'
                    AND (op.created_at, op.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
                    AND (op.created_at, op.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
                ORDER BY op.created_at DESC, op.id DESC
                LIMIT 1
            ) AS newest
        WHERE (SELECT count(*) FROM recent) < %(limit)s::integer
        ORDER BY newest.created_at DESC, newest.id DESC
        OFFSET 0
    ) AS candidate
    CROSS JOIN
        LATERAL (
            SELECT vp.user_id
            FROM app.visible_profiles(%(viewer)s) AS vp
            WHERE vp.user_id = candidate.user_id
            LIMIT 1
        ) AS visible
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
),

-- As many authors as the page has posts fill it: nothing beyond the last of these newest posts is on it. Both ends,
-- since the twin reads the other way; towards the near end there is nothing to leave out.
span AS MATERIALIZED (
    SELECT
        CASE WHEN count(*) < %(limit)s::integer THEN '-infinity' ELSE min(authors.created_at) END AS low,
        CASE WHEN count(*) < %(limit)s::integer THEN 'infinity' ELSE max(authors.created_at) END AS high
    FROM authors
)

SELECT
    p.id,
    p.user_id,
    p.type,
    p.status,
    p.visibility,
    p.title,
    p.content,
    p.tags,
    p.thumbnail_url,
    p.likes_count,
    p.comments_count,
    p.reposts_count,
    p.views_count,
    p.published_at,
    p.edited_at,
    p.created_at,
    p.scheduled_for,
    p.deleted_at,
    p.language,
    p.is_language_detected
FROM (
    SELECT r.*
    FROM recent AS r
    WHERE (SELECT count(*) FROM recent) >= %(limit)s::integer
    UNION ALL
    SELECT found.*
    FROM span
    CROSS JOIN authors
    CROSS JOIN
        LATERAL (
            SELECT op.*
            FROM app.open_posts(%(viewer)s) AS op
            WHERE
                op.user_id = authors.user_id
                AND op.visibility <> 'private'
                AND op.created_at BETWEEN span.low AND span.high
                AND (op.created_at, op.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
                AND (op.created_at, op.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
            ORDER BY op.created_at DESC, op.id DESC
            LIMIT %(limit)s::integer
        ) AS found
) AS p
ORDER BY p.created_at DESC, p.id DESC
LIMIT %(limit)s::integer;
