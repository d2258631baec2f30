-- The posts that owners have put above their feeds, in their order.
CREATE TABLE app.feed_pins (
    feed_id bigint NOT NULL,
    place smallint NOT NULL,
    post_id bigint NOT NULL,
    CONSTRAINT feed_pins_pkey PRIMARY KEY (feed_id, place),
    -- The post comes first: by it the purge of a post finds who has pinned it.
    CONSTRAINT feed_pins_post_feed_key UNIQUE (post_id, feed_id),
    CONSTRAINT feed_pins_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES custom_feeds (id) ON DELETE CASCADE,
    CONSTRAINT feed_pins_post_id_fkey FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
    CONSTRAINT feed_pins_place_first_three CHECK (place BETWEEN 1 AND 3)
);
