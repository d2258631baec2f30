-- name: feed_by_token
-- The feed that a link opens, while it is shared, for who may see the profile of its owner.
SELECT
    f.id,
    f.user_id,
    f.name,
    f.description,
    f.algorithm_config,
    f.is_default,
    f.display_order,
    f.created_at,
    f.updated_at,
    f.rules_version,
    f.sharing,
    f.forked_from_id
FROM app.feed_tokens AS t
INNER JOIN public.custom_feeds AS f ON t.feed_id = f.id
WHERE
    t.token_hash = %(token_hash)s
    AND t.purpose = 'link'
    AND f.sharing <> 'private'
    AND EXISTS (
        SELECT FROM app.visible_profiles(%(viewer)s) AS owner
        WHERE owner.user_id = f.user_id OFFSET 0
    );

-- name: feed_by_reader_token
-- The feed that an address for readers opens, while its owner is active.
SELECT
    f.id,
    f.user_id,
    f.name,
    f.description,
    f.algorithm_config,
    f.is_default,
    f.display_order,
    f.created_at,
    f.updated_at,
    f.rules_version,
    f.sharing,
    f.forked_from_id
FROM app.feed_tokens AS t
INNER JOIN public.custom_feeds AS f ON t.feed_id = f.id
INNER JOIN public.users AS owner ON f.user_id = owner.id
WHERE t.token_hash = %(token_hash)s AND t.purpose = 'reader' AND owner.status = 'active';

-- name: reader_token_owners_by_token_hashes
-- For each of these tokens, in hexadecimal digits of its digest, that opens a feed for readers: whose it is.
-- In no order.
SELECT
    given.token_hash,
    u.id,
    u.status
FROM unnest(%(token_hashes)s::text[]) AS given (token_hash)
INNER JOIN app.feed_tokens AS t ON t.token_hash = decode(given.token_hash, 'hex')
INNER JOIN public.custom_feeds AS f ON t.feed_id = f.id
INNER JOIN public.users AS u ON f.user_id = u.id
WHERE t.purpose = 'reader' AND u.status = 'active';

-- name: feeds_with_reader_tokens
-- Those of these feeds of the viewer that have an address for readers, in no order.
SELECT f.id
FROM public.custom_feeds AS f
WHERE
    f.id = any(%(ids)s::bigint[])
    AND f.user_id = %(viewer)s
    AND EXISTS (
        SELECT FROM app.feed_tokens AS t
        WHERE t.feed_id = f.id AND t.purpose = 'reader'
    );

-- name: insert_feed_token
-- A token of a feed of the viewer; the id of the feed, or no row where it has 20 for this purpose.
INSERT INTO app.feed_tokens (token_hash, feed_id, purpose)
SELECT
    %(token_hash)s::bytea AS token_hash,
    f.id AS feed_id,
    %(purpose)s::text AS purpose
FROM public.custom_feeds AS f
WHERE
    f.id = %(feed_id)s
    AND f.user_id = %(viewer)s
    AND (
        SELECT count(*) FROM app.feed_tokens AS t
        WHERE t.feed_id = f.id AND t.purpose = %(purpose)s
    ) < 20
RETURNING feed_id AS id;

-- name: delete_feed_tokens
-- Revoke the tokens of a feed of the viewer for one purpose; the id of the feed for each.
DELETE FROM app.feed_tokens AS t
USING public.custom_feeds AS f
WHERE t.feed_id = f.id AND f.id = %(feed_id)s AND f.user_id = %(viewer)s AND t.purpose = %(purpose)s
RETURNING t.feed_id AS id;
