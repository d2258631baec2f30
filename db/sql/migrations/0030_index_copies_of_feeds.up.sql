-- Run outside of a transaction (db/revision.py).
-- How many copies of a feed there are.
CREATE INDEX CONCURRENTLY idx_custom_feeds_forked_from ON custom_feeds (forked_from_id)
WHERE forked_from_id IS NOT NULL;
