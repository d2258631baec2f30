-- name: tag_counts
-- How many public posts by active people with a public profile have each of these tags, in no order: counted up to
-- 1,000, among the newest 2,000 that are public.
SELECT
    o.tag,
    (
        SELECT count(*)
        FROM (
            SELECT 1
            FROM (
                SELECT found.user_id
                FROM (
                    SELECT
                        week.first_week,
                        week.mark
                    FROM (
                        SELECT
                            (SELECT min(s.created_at) FROM app.post_search AS s) AS oldest,
                            (SELECT max(s.created_at) FROM app.post_search AS s) AS newest
                    ) AS ends
                    CROSS JOIN LATERAL app.search_spans(ends.oldest, ends.newest) AS week
                    ORDER BY week.first_week DESC
                ) AS week
                CROSS JOIN
                    LATERAL (
                        SELECT s.user_id
                        FROM app.post_search AS s
                        WHERE
                            s.document @@ (week.mark && format('''tag %%s''', o.tag)::tsquery)
                            AND s.visibility = 'public'
                        LIMIT 2000
                    ) AS found
                LIMIT 2000
            ) AS newest
            WHERE
                EXISTS (
                    SELECT 1 FROM app.user_search AS author
                    WHERE author.user_id = newest.user_id OFFSET 0
                )
                AND EXISTS (
                    SELECT 1 FROM public.user_profiles AS profile
                    WHERE profile.user_id = newest.user_id AND profile.visibility = 'public' OFFSET 0
                )
            LIMIT 1000
        ) AS counted
    )::integer AS posts_count
FROM unnest(%(tags)s::text[]) AS o (tag);

-- name: tags_in_use
-- Those of these tags that a public post by an active person with a public profile has, in no order: among the newest
-- 2,000 that are public.
SELECT o.tag AS name
FROM unnest(%(tags)s::text[]) AS o (tag)
WHERE
    EXISTS (
        SELECT 1
        FROM (
            SELECT found.user_id
            FROM (
                SELECT
                    week.first_week,
                    week.mark
                FROM (
                    SELECT
                        (SELECT min(s.created_at) FROM app.post_search AS s) AS oldest,
                        (SELECT max(s.created_at) FROM app.post_search AS s) AS newest
                ) AS ends
                CROSS JOIN LATERAL app.search_spans(ends.oldest, ends.newest) AS week
                ORDER BY week.first_week DESC
            ) AS week
            CROSS JOIN
                LATERAL (
                    SELECT s.user_id
                    FROM app.post_search AS s
                    WHERE
                        s.document @@ (week.mark && format('''tag %%s''', o.tag)::tsquery)
                        AND s.visibility = 'public'
                    LIMIT 2000
                ) AS found
            LIMIT 2000
        ) AS newest
        WHERE
            EXISTS (
                SELECT 1 FROM app.user_search AS author
                WHERE author.user_id = newest.user_id OFFSET 0
            )
            AND EXISTS (
                SELECT 1 FROM public.user_profiles AS profile
                WHERE profile.user_id = newest.user_id AND profile.visibility = 'public' OFFSET 0
            )
    );

-- name: tags_by_beginning
-- The tags in use that begin so, those that most people use first.
SELECT t.name
FROM app.used_tags AS t
WHERE t.name >= %(beginning)s AND t.name < %(beginning)s || %(last)s
ORDER BY t.people_count DESC, t.name ASC
LIMIT %(limit)s::integer;
