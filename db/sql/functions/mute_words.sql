-- What keeps posts out of the feeds of somebody who mutes words. As in visibility.sql, the planner inlines these.

-- The words that the viewer mutes now.
CREATE OR REPLACE FUNCTION app.active_mute_words(viewer bigint) RETURNS SETOF app.mute_words
LANGUAGE sql STABLE
AS $$
SELECT word.*
FROM app.mute_words AS word
WHERE word.user_id = viewer AND (word.until IS NULL OR word.until > now())
$$;

-- All texts of a post that words are looked for in, in lower case. Tags are written as people write them, with #.
CREATE OR REPLACE FUNCTION app.texts_of_post(post bigint, title text, content text, tags text[])
RETURNS TABLE (texts text)
LANGUAGE sql STABLE
AS $$
SELECT lower(concat_ws(
    E'\n',
    title,
    content,
    CASE WHEN tags <> '{}' THEN '#' || array_to_string(tags, E'\n#') END,
    (SELECT string_agg(media.alt_text, E'\n') FROM public.post_media AS media WHERE media.post_id = post)
))
$$;

-- The viewer's words as one regular expression for posts of those whom the viewer follows, and one for all others, NULL
-- where there is no word for these. One for all words: a hundred are looked for in the time of a few, and the server
-- keeps only 32 expressions compiled. A word is a part of the text in any case, whole where nothing like a letter is
-- beside it: the rule of a text filter (db/feeds/conditions.py).
CREATE OR REPLACE FUNCTION app.mute_patterns(viewer bigint) RETURNS TABLE (of_followed text, of_others text)
LANGUAGE sql STABLE
AS $$
SELECT
    nullif(concat_ws(
        '|',
        '(?<!\w)(?:' || string_agg(word.text, '|') FILTER (WHERE word.is_whole AND NOT word.spares) || ')(?!\w)',
        string_agg(word.text, '|') FILTER (WHERE NOT word.is_whole AND NOT word.spares)
    ), ''),
    nullif(concat_ws(
        '|',
        '(?<!\w)(?:' || string_agg(word.text, '|') FILTER (WHERE word.is_whole) || ')(?!\w)',
        string_agg(word.text, '|') FILTER (WHERE NOT word.is_whole)
    ), '')
FROM (
    SELECT
        regexp_replace(lower(own.word), '([^\w\s])', '\\\1', 'g') AS text,
        own.whole_word AS is_whole,
        own.except_followed AS spares
    FROM app.active_mute_words(viewer) AS own
) AS word
$$;

-- The words of the viewer that keep out a post by this author with these texts: each is looked for by itself.
CREATE OR REPLACE FUNCTION app.mute_words_in(viewer bigint, author bigint, texts text) RETURNS SETOF app.mute_words
LANGUAGE sql STABLE
AS $$
SELECT word.*
FROM app.active_mute_words(viewer) AS word
CROSS JOIN LATERAL (SELECT regexp_replace(lower(word.word), '([^\w\s])', '\\\1', 'g') AS text) AS escaped
WHERE texts ~ CASE WHEN word.whole_word THEN '(?<!\w)' || escaped.text || '(?!\w)' ELSE escaped.text END
    AND NOT (
        word.except_followed
        AND EXISTS (
            SELECT FROM public.user_follows AS f
            WHERE f.follower_id = viewer AND f.following_id = author
        )
    )
$$;
