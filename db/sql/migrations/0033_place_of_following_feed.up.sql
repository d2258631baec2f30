-- Where the Following feed, which everybody has and which has no row, stands among the feeds of a person: at the same
-- place as another feed, it is before it.
ALTER TABLE app.user_settings
ADD COLUMN following_feed_order integer NOT NULL DEFAULT 0,
-- All rows have the default: nothing is to be read.
ADD CONSTRAINT user_settings_following_feed_order_not_negative CHECK (following_feed_order >= 0) NOT VALID;
