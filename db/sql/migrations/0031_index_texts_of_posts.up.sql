-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Run outside of a transaction (db/migrations/revision.py), which squawk takes for granted only for one statement.

-- Words, marks and parts of texts in one index, so that a text is looked for within the posts of a month with a tag.
CREATE INDEX CONCURRENTLY idx_post_search_texts
ON app.post_search USING gin (document, texts gin_trgm_ops) WITH (fastupdate = off);

DROP INDEX CONCURRENTLY IF EXISTS app.idx_post_search_document;
