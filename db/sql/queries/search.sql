-- name: latest_followed
-- The 200 people whom the viewer followed last.
SELECT f.following_id AS user_id
FROM public.user_follows AS f
WHERE f.follower_id = %(viewer)s
ORDER BY f.created_at DESC
LIMIT 200;

-- name: posts_by_search
-- The posts that the viewer may see and that have all of these marks and match these words, the newest first.
-- Words that many posts have are found among the newest posts; where those hold less than is to be looked through, the
-- index is asked, for one week or month after another: so a page costs about the same whoever uses the words, and
-- whether anybody does.
-- A phrase is looked for in posts that have its words: in 1,000 of them, and a stop tells where to go on. So are many
-- words, in posts that have `index_words`, those that are likely to be rare.
-- keyset
WITH asked AS MATERIALIZED (
    SELECT
        CASE
            WHEN %(words)s::text IS NULL THEN %(marks)s::tsquery
            WHEN numnode(websearch_to_tsquery('simple', %(words)s::text)) = 0 THEN NULL
            ELSE coalesce(
                websearch_to_tsquery('simple', %(words)s::text) && %(marks)s::tsquery,
                websearch_to_tsquery('simple', %(words)s::text)
            )
        END AS query,
        websearch_to_tsquery('simple', coalesce(%(index_words)s::text, '')) AS rare
),

wanted AS MATERIALIZED (
    SELECT
        asked.query,
        app.without_phrases(
            CASE
                WHEN numnode(asked.rare) = 0 THEN asked.query
                ELSE coalesce(asked.rare && %(marks)s::tsquery, asked.rare)
            END
        ) AS loose,
        CASE
            WHEN numnode(asked.rare) > 0 OR asked.query::text ~ '<(-|\d+)>' THEN greatest(%(reach)s::integer, 1000)
            ELSE %(reach)s::integer
        END AS horizon
    FROM asked
),

near AS MATERIALIZED (
    SELECT
        latest.created_at,
        latest.post_id,
        latest.document
    FROM (
        SELECT
            s.created_at,
            s.post_id,
            s.user_id,
            s.visibility,
            s.document
        FROM app.post_search AS s
        WHERE
            (s.created_at, s.post_id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (s.created_at, s.post_id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
            AND s.created_at >= %(since)s::timestamptz
            AND s.created_at <= %(until)s::timestamptz
            AND (SELECT wanted.query FROM wanted) IS NOT NULL
        ORDER BY s.created_at DESC, s.post_id DESC
        LIMIT 2000
    ) AS latest
    WHERE
        latest.document @@ (SELECT wanted.query FROM wanted)
        AND (latest.visibility <> 'private' OR latest.user_id = %(viewer)s)
    ORDER BY latest.created_at DESC, latest.post_id DESC
    LIMIT %(reach)s::integer
),

far AS MATERIALIZED (
    SELECT
        found.created_at,
        found.post_id,
        found.document
    FROM (
        SELECT
            week.first_week,
            week.mark
        FROM (
            SELECT
                greatest(ends.oldest, %(before_created_at)s::timestamptz, %(since)s::timestamptz) AS low,
                least(ends.newest, %(after_created_at)s::timestamptz, %(until)s::timestamptz) AS high
            FROM (
                SELECT
                    (SELECT min(s.created_at) FROM app.post_search AS s) AS oldest,
                    (SELECT max(s.created_at) FROM app.post_search AS s) AS newest
            ) AS ends
            WHERE ends.oldest IS NOT NULL
        ) AS span
        CROSS JOIN LATERAL app.search_spans(span.low, span.high) AS week
        WHERE
            (SELECT count(*) FROM near) < %(reach)s::integer
            AND (SELECT wanted.query FROM wanted) IS NOT NULL
        ORDER BY week.first_week DESC
    ) AS week
    CROSS JOIN
        LATERAL (
            SELECT
                matching.created_at,
                matching.post_id,
                matching.document
            FROM (
                SELECT
                    s.created_at,
                    s.post_id,
                    s.document
                FROM app.post_search AS s
                WHERE
                    s.document @@ coalesce(week.mark && (SELECT wanted.loose FROM wanted), week.mark)
                    AND (s.visibility <> 'private' OR s.user_id = %(viewer)s)
                OFFSET 0
            ) AS matching
            WHERE
                (matching.created_at, matching.post_id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
                AND (matching.created_at, matching.post_id)
                > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
                AND matching.created_at >= %(since)s::timestamptz
                AND matching.created_at <= %(until)s::timestamptz
            ORDER BY matching.created_at DESC, matching.post_id DESC
            LIMIT (SELECT wanted.horizon FROM wanted)
        ) AS found
    ORDER BY week.first_week DESC, found.created_at DESC, found.post_id DESC
    LIMIT (SELECT wanted.horizon FROM wanted)
)

SELECT
    candidate.created_at,
    candidate.id,
    candidate.is_last AS is_stop
FROM (
    SELECT
        matched.created_at,
        matched.id,
        matched.is_end OR row_number() OVER (ORDER BY matched.created_at DESC, matched.id DESC) = %(reach)s::integer
            AS is_last
    FROM (
        SELECT
            numbered.created_at,
            numbered.id,
            numbered.nth = numbered.horizon AS is_end
        FROM (
            SELECT
                either.created_at,
                either.post_id AS id,
                either.document,
                either.horizon,
                row_number() OVER (ORDER BY either.created_at DESC, either.post_id DESC) AS nth
            FROM (
                SELECT
                    n.created_at,
                    n.post_id,
                    n.document,
                    %(reach)s::integer AS horizon
                FROM near AS n
                WHERE (SELECT count(*) FROM near) >= %(reach)s::integer
                UNION ALL
                SELECT
                    far.created_at,
                    far.post_id,
                    far.document,
                    (SELECT wanted.horizon FROM wanted) AS horizon
                FROM far
            ) AS either
        ) AS numbered
        WHERE numbered.nth = numbered.horizon OR numbered.document @@ (SELECT wanted.query FROM wanted)
        ORDER BY numbered.created_at DESC, numbered.id DESC
        LIMIT %(reach)s::integer
    ) AS matched
) AS candidate
WHERE
    candidate.is_last
    OR EXISTS (
        SELECT 1 FROM app.visible_posts(%(viewer)s) AS p
        WHERE p.id = candidate.id OFFSET 0
    )
ORDER BY candidate.created_at DESC, candidate.id DESC
LIMIT %(limit)s::integer;
