-- Built beside the writers, before the transaction that drops the other: see db/migrations/indexes.py.
CREATE INDEX CONCURRENTLY idx_post_search_document
ON app.post_search USING gin (document) WITH (fastupdate = off);
DROP INDEX app.idx_post_search_texts;
