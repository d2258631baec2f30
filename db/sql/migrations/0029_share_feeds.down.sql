DROP TABLE app.feed_tokens;

ALTER TABLE custom_feeds
DROP COLUMN forked_from_id,
DROP COLUMN sharing;

DROP TYPE app.feed_sharing;
