-- name: mute_words_by_ids
-- The mute words among these ids that are the viewer's, in no order.
SELECT
    w.id,
    w.user_id,
    w.word,
    w.whole_word,
    w.except_followed,
    w.until,
    w.created_at
FROM app.mute_words AS w
WHERE w.id = any(%(ids)s::bigint[]) AND w.user_id = %(viewer)s;

-- name: mute_words_by_user_ids
-- The mute words of these users, if they are the viewer's, the newest first: at most 100 of each.
SELECT
    w.id,
    w.user_id,
    w.word,
    w.whole_word,
    w.except_followed,
    w.until,
    w.created_at
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN
    LATERAL (
        SELECT own.*
        FROM app.mute_words AS own
        WHERE own.user_id = %(viewer)s AND own.user_id = o.owner_id
        ORDER BY own.created_at DESC, own.id DESC
        LIMIT 100
    ) AS w
ORDER BY w.created_at DESC, w.id DESC;

-- name: mute_patterns
-- What keeps posts out of the viewer's feeds: for posts of those whom the viewer follows, and for all others. No row
-- where the viewer mutes no word.
SELECT
    muted.of_followed,
    muted.of_others
FROM app.mute_patterns(%(viewer)s) AS muted
WHERE muted.of_others IS NOT NULL;

-- name: muted_posts_by_ids
-- Those of these posts in whose texts the pattern finds a word, in no order.
SELECT p.id
FROM public.posts AS p
CROSS JOIN LATERAL app.texts_of_post(p.id, p.title, p.content, p.tags) AS said
WHERE p.id = any(%(ids)s::bigint[]) AND said.texts ~ %(pattern)s::text;

-- name: lock_mute_words_of_user
-- Let nobody else add mute words of the viewer until the transaction ends; their id.
SELECT u.id
FROM public.users AS u
WHERE u.id = %(viewer)s
FOR NO KEY UPDATE;

-- name: create_mute_word
-- A new mute word of the viewer.
INSERT INTO app.mute_words (user_id, word, whole_word, except_followed, until)
VALUES (
    %(viewer)s::bigint,
    %(word)s::text,
    %(whole_word)s::boolean,
    %(except_followed)s::boolean,
    %(until)s::timestamptz
)
RETURNING id, user_id, word, whole_word, except_followed, until, created_at;

-- name: update_mute_word
-- Change a mute word of the viewer. NULL leaves things as they are, but for `until`, which is left as it is unless
-- `sets_until`. The word as it is then.
UPDATE app.mute_words
SET
    whole_word = coalesce(%(whole_word)s::boolean, whole_word),
    except_followed = coalesce(%(except_followed)s::boolean, except_followed),
    until = CASE WHEN %(sets_until)s::boolean THEN %(until)s::timestamptz ELSE until END
WHERE id = %(word_id)s AND user_id = %(viewer)s
RETURNING id, user_id, word, whole_word, except_followed, until, created_at;

-- name: delete_mute_word
-- Delete a mute word of the viewer; its id.
DELETE FROM app.mute_words
WHERE id = %(word_id)s AND user_id = %(viewer)s
RETURNING id;
