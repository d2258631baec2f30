-- name: pins_by_feed_ids
-- The posts that the owners of these feeds have put above them, in their order; also those that nobody sees any more.
SELECT
    pin.feed_id,
    pin.post_id
FROM app.feed_pins AS pin
WHERE pin.feed_id = any(%(ids)s::bigint[])
ORDER BY pin.feed_id, pin.place;

-- name: delete_pins
-- Unpin all posts from a feed of the viewer; their ids.
DELETE FROM app.feed_pins AS pin
USING public.custom_feeds AS f
WHERE pin.feed_id = f.id AND f.id = %(feed_id)s AND f.user_id = %(viewer)s
RETURNING pin.post_id AS id;

-- name: insert_pins
-- Put these posts above a feed of the viewer, in this order; the ids of those that the viewer's feeds may contain.
INSERT INTO app.feed_pins (feed_id, place, post_id)
SELECT
    f.id AS feed_id,
    o.place,
    post.id AS post_id
FROM public.custom_feeds AS f
CROSS JOIN unnest(%(ids)s::bigint[]) WITH ORDINALITY AS o (post_id, place)
INNER JOIN app.visible_posts(%(viewer)s) AS post ON o.post_id = post.id
WHERE
    f.id = %(feed_id)s
    AND f.user_id = %(viewer)s
    AND (
        (
            post.visibility = 'public'
            AND (
                post.user_id = %(viewer)s
                OR NOT EXISTS (
                    SELECT FROM app.feed_opt_outs AS opt_out
                    WHERE opt_out.user_id = post.user_id OFFSET 0
                )
            )
        )
        OR post.user_id IN (
            SELECT following_id FROM public.user_follows
            WHERE follower_id = %(viewer)s
        )
    )
RETURNING post_id AS id;
