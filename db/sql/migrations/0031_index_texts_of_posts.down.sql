DROP INDEX app.idx_post_search_texts;
CREATE INDEX idx_post_search_document ON app.post_search USING gin (document) WITH (fastupdate = off);
