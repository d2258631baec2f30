-- What texts and people are found by. Documents hold what these make of posts: a change here does not change the rows
-- that are there.

-- A text in which each character of Chinese and Japanese is a word, since nothing else tells their words apart.
CREATE OR REPLACE FUNCTION app.search_words(text text) RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
SELECT CASE
    WHEN text ~ '[\u2E80-\u2FDF\u3005-\u3007\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF]'
        THEN regexp_replace(
            text, '([\u2E80-\u2FDF\u3005-\u3007\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF])', ' \1 ', 'g'
        )
    ELSE text
END
$$;

-- The words and marks of a post. A word of the title weighs more than one of the text; what lies between the two keeps
-- the last of the one and the first of the other from being a phrase. A month is four weeks.
CREATE OR REPLACE FUNCTION app.search_document(post public.posts) RETURNS tsvector
LANGUAGE sql STABLE
AS $$
SELECT
    setweight(to_tsvector('simple'::regconfig, app.search_words(coalesce(post.title, ''))), 'A')
    || '''end of title'':1'::tsvector
    || to_tsvector('simple'::regconfig, app.search_words(coalesce(post.content, '')))
    || array_to_tsvector(
        ARRAY[
            'week ' || floor(extract(EPOCH FROM post.created_at) / 604800),
            'month ' || (floor(extract(EPOCH FROM post.created_at) / 604800)::integer >> 2),
            'type ' || post.type,
            'author ' || post.user_id
        ]
        || CASE
            WHEN post.language IS NULL THEN '{}'
            ELSE ARRAY['language ' || lower(post.language), 'language ' || lower(split_part(post.language, '-', 1))]
        END
        || CASE WHEN post.media_urls = '[]' THEN '{}' ELSE ARRAY['has media'] END
        || ARRAY(SELECT 'tag ' || tag FROM unnest(post.tags) AS tag WHERE tag <> '')
    )
$$;

-- Title, text and tags of a post in one, for the index: whatever one of them contains, this contains.
CREATE OR REPLACE FUNCTION app.search_texts(post public.posts) RETURNS text
LANGUAGE sql STABLE
AS $$
SELECT concat_ws(E'\n', post.title, post.content, array_to_string(post.tags, E'\n'))
$$;

-- A name, as it is compared: without differences of case, form and spaces.
CREATE OR REPLACE FUNCTION app.search_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
SELECT lower(normalize(btrim(regexp_replace(name, '\s+', ' ', 'g')), NFKC))
$$;

-- People of one block with a name that is something like a part of theirs.
CREATE OR REPLACE FUNCTION app.people_named_like(name text, block integer) RETURNS SETOF app.user_search
LANGUAGE sql STABLE
AS $$
SELECT s.*
FROM app.user_search AS s
WHERE s.block = people_named_like.block AND s.names OPERATOR(public.%>) people_named_like.name
$$;

-- A query for the index: what has the words of a phrase, in whatever order; without what is excluded, where there is a
-- phrase. NULL where nothing else is left.
CREATE OR REPLACE FUNCTION app.without_phrases(query tsquery) RETURNS tsquery
LANGUAGE sql IMMUTABLE
AS $$
SELECT CASE
    WHEN query::text !~ '<(-|\d+)>' THEN query
    WHEN querytree(query) <> 'T' THEN regexp_replace(querytree(query), '<(-|\d+)>', '&', 'g')::tsquery
END
$$;

-- The spans of time in which the index is asked between two moments: the weeks of the last month (of four weeks), and
-- the months before it.
CREATE OR REPLACE FUNCTION app.search_spans(low timestamptz, high timestamptz)
RETURNS TABLE (first_week integer, mark tsquery)
LANGUAGE sql STABLE
AS $$
SELECT
    span.first_week,
    span.mark
FROM (
    SELECT
        floor(extract(EPOCH FROM low) / 604800)::integer AS low,
        floor(extract(EPOCH FROM high) / 604800)::integer AS high
) AS weeks
CROSS JOIN LATERAL (
    SELECT
        week.number AS first_week,
        format('''week %s''', week.number)::tsquery AS mark
    FROM generate_series(greatest(weeks.low, weeks.high >> 2 << 2), weeks.high) AS week (number)
    UNION ALL
    SELECT
        month.number << 2 AS first_week,
        format('''month %s''', month.number)::tsquery AS mark
    FROM generate_series(weeks.low >> 2, (weeks.high >> 2) - 1) AS month (number)
) AS span
$$;
