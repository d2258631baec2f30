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
-- the last of the one and the first of the other from being a phrase.
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
