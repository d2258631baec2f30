-- name: users_by_names
-- The users of these names, folded, whom the viewer may see, in no order.
SELECT
    u.id,
    u.username
FROM app.visible_users(%(viewer)s) AS u
WHERE lower(u.username) = any(%(names)s::text[]);

-- name: delete_mentions
-- Forget whom a post mentions.
DELETE FROM app.post_mentions
WHERE post_id = %(post_id)s;

-- name: insert_mentions
-- Say whom a post mentions, in this order; who is gone meanwhile is left out.
INSERT INTO app.post_mentions (post_id, user_id, position)
SELECT
    %(post_id)s,
    u.id,
    o.place
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS o (id, place)
INNER JOIN public.users AS u ON o.id = u.id;

-- name: mentions_by_post_ids
-- Whom each of these posts mentions, in the order of its text.
SELECT
    m.post_id,
    m.user_id
FROM app.post_mentions AS m
WHERE m.post_id = any(%(ids)s::bigint[])
ORDER BY m.post_id, m.position;

-- name: unrendered_texts
-- Texts of posts that have no HTML yet, locked, some of them, by id; those that others write now are skipped.
SELECT
    p.id,
    p.user_id,
    p.content
FROM public.posts AS p
WHERE p.content_html IS NULL AND p.content IS NOT NULL
ORDER BY p.id
LIMIT %(limit)s::integer
FOR NO KEY UPDATE SKIP LOCKED;

-- name: set_post_html
-- Store the HTML of texts.
UPDATE public.posts AS p
SET content_html = given.html
FROM unnest(%(ids)s::bigint[], %(htmls)s::text[]) AS given (id, html)
WHERE p.id = given.id;

-- name: texts_by_post_ids
-- The texts of these posts as HTML, or as they were written where they have not been rendered, in no order.
SELECT
    p.id,
    p.content_html,
    CASE WHEN p.content_html IS NULL THEN p.content END AS content
FROM public.posts AS p
WHERE p.id = any(%(ids)s::bigint[]);
