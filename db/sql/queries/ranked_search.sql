-- name: posts_by_rank
-- The posts that the viewer may see and that have all of these marks and match these words, the best first (backward:
-- last), by what `sort` says: relevance, popular or engagement. They are ranked among the newest that match: at most
-- `most` of those at or before the top, which a cursor carries, so that new posts change nothing about its next page.
-- A stop leads to the next so many, where there may be more; read backward there is none.
-- They are found as in posts_by_search.
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
            WHEN numnode(asked.rare) > 0 OR asked.query::text ~ '<(-|\d+)>' THEN greatest(%(most)s::integer, 1000)
            ELSE %(most)s::integer
        END AS horizon,
        websearch_to_tsquery('simple', coalesce(%(words)s::text, '')) AS words,
        CASE
            WHEN %(after_top_at)s::timestamptz < 'infinity' THEN %(after_top_at)s::timestamptz
            WHEN %(before_top_at)s::timestamptz > '-infinity' THEN %(before_top_at)s::timestamptz
            ELSE 'infinity'
        END AS top_at,
        CASE
            WHEN %(after_top_at)s::timestamptz < 'infinity' THEN %(after_top_id)s::bigint
            WHEN %(before_top_at)s::timestamptz > '-infinity' THEN %(before_top_id)s::bigint
            ELSE 9223372036854775807
        END AS top_id
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
            (s.created_at, s.post_id) <= ((SELECT wanted.top_at FROM wanted), (SELECT wanted.top_id FROM wanted))
            AND s.created_at >= %(since)s::timestamptz
            AND s.created_at <= %(until)s::timestamptz
            AND (SELECT wanted.query FROM wanted) IS NOT NULL
        ORDER BY s.created_at DESC, s.post_id DESC
        LIMIT 4000
    ) AS latest
    WHERE
        latest.document @@ (SELECT wanted.query FROM wanted)
        AND (latest.visibility <> 'private' OR latest.user_id = %(viewer)s)
    ORDER BY latest.created_at DESC, latest.post_id DESC
    LIMIT %(most)s::integer
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
                greatest(ends.oldest, %(since)s::timestamptz) AS low,
                least(ends.newest, (SELECT wanted.top_at FROM wanted), %(until)s::timestamptz) AS high
            FROM (
                SELECT
                    (SELECT min(s.created_at) FROM app.post_search AS s) AS oldest,
                    (SELECT max(s.created_at) FROM app.post_search AS s) AS newest
            ) AS ends
            WHERE ends.oldest IS NOT NULL
        ) AS span
        CROSS JOIN LATERAL app.search_spans(span.low, span.high) AS week
        WHERE
            (SELECT count(*) FROM near) < %(most)s::integer
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
                (matching.created_at, matching.post_id)
                <= ((SELECT wanted.top_at FROM wanted), (SELECT wanted.top_id FROM wanted))
                AND matching.created_at >= %(since)s::timestamptz
                AND matching.created_at <= %(until)s::timestamptz
            ORDER BY matching.created_at DESC, matching.post_id DESC
            LIMIT (SELECT wanted.horizon FROM wanted)
        ) AS found
    ORDER BY week.first_week DESC, found.created_at DESC, found.post_id DESC
    LIMIT (SELECT wanted.horizon FROM wanted)
),

candidate AS MATERIALIZED (
    SELECT
        n.created_at,
        n.post_id,
        n.document
    FROM near AS n
    WHERE (SELECT count(*) FROM near) >= %(most)s::integer
    UNION ALL
    SELECT
        far.created_at,
        far.post_id,
        far.document
    FROM far
),

matched AS MATERIALIZED (
    SELECT
        c.created_at,
        c.post_id,
        c.document
    FROM candidate AS c
    WHERE c.document @@ (SELECT wanted.query FROM wanted)
    ORDER BY c.created_at DESC, c.post_id DESC
    LIMIT %(most)s::integer
),

-- Where to go on, if there may be more: below the last that is ranked, or where a phrase was looked for no further.
beyond AS MATERIALIZED (
    (
        SELECT
            m.created_at,
            m.post_id
        FROM matched AS m
        WHERE (SELECT count(*) FROM matched) >= %(most)s::integer
        ORDER BY m.created_at, m.post_id
        LIMIT 1
    )
    UNION ALL
    (
        SELECT
            c.created_at,
            c.post_id
        FROM candidate AS c
        WHERE
            (SELECT count(*) FROM matched) < %(most)s::integer
            AND (SELECT count(*) FROM candidate) >= (SELECT wanted.horizon FROM wanted)
        ORDER BY c.created_at, c.post_id
        LIMIT 1
    )
),

top AS MATERIALIZED (
    SELECT
        CASE WHEN wanted.top_at < 'infinity' THEN wanted.top_at ELSE newest.created_at END AS at,
        CASE WHEN wanted.top_at < 'infinity' THEN wanted.top_id ELSE newest.post_id END AS id
    FROM wanted
    CROSS JOIN (
        SELECT
            c.created_at,
            c.post_id
        FROM candidate AS c
        ORDER BY c.created_at DESC, c.post_id DESC
        LIMIT 1
    ) AS newest
),

ranked AS (
    SELECT
        top.at AS top_at,
        top.id AS top_id,
        CASE %(sort)s::text
            WHEN 'relevance' THEN (ts_rank(c.document, (SELECT wanted.words FROM wanted), 1) * 1000000)::bigint
            WHEN 'popular' THEN p.likes_count::bigint
            ELSE p.likes_count::bigint + p.comments_count + p.reposts_count
        END AS score,
        c.post_id AS id,
        FALSE AS is_stop
    FROM matched AS c
    CROSS JOIN top
    CROSS JOIN
        LATERAL (
            SELECT
                vp.likes_count,
                vp.comments_count,
                vp.reposts_count
            FROM app.visible_posts(%(viewer)s) AS vp
            WHERE vp.id = c.post_id
            LIMIT 1
        ) AS p
    UNION ALL
    SELECT
        beyond.created_at AS top_at,
        beyond.post_id - 1 AS top_id,
        9223372036854775807 AS score,
        9223372036854775806 AS id,
        TRUE AS is_stop
    FROM beyond
    WHERE NOT %(backward)s::boolean
)

SELECT
    r.top_at,
    r.top_id,
    r.score,
    r.id,
    r.is_stop
FROM (
    SELECT
        ranked.top_at,
        ranked.top_id,
        ranked.score,
        ranked.id,
        ranked.is_stop,
        row_number() OVER (
            ORDER BY ranked.top_at DESC, ranked.top_id DESC, ranked.score DESC, ranked.id DESC
        ) AS nth
    FROM ranked
    WHERE
        (ranked.top_at, ranked.top_id, ranked.score, ranked.id)
        < (
            %(after_top_at)s::timestamptz, %(after_top_id)s::bigint, %(after_score)s::bigint, %(after_id)s::bigint
        )
        AND (ranked.top_at, ranked.top_id, ranked.score, ranked.id)
        > (
            %(before_top_at)s::timestamptz, %(before_top_id)s::bigint, %(before_score)s::bigint, %(before_id)s::bigint
        )
) AS r
ORDER BY CASE WHEN %(backward)s::boolean THEN -r.nth ELSE r.nth END
LIMIT %(limit)s::integer;
