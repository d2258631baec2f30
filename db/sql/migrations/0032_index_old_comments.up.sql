-- Run outside of a transaction (db/migrations/revision.py).
-- Comments that have not been rendered: those of before their HTML was stored, until a job has done it.
CREATE INDEX CONCURRENTLY idx_comments_unrendered ON comments (id) WHERE content_html IS NULL;
