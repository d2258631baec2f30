-- Built beside the writers, before the transaction that drops the others: see db/migrations/indexes.py.
CREATE INDEX CONCURRENTLY idx_messages_sender ON messages (sender_id)
WHERE sender_id IS NOT NULL;
CREATE INDEX CONCURRENTLY idx_pending_uploads_user ON app.pending_uploads (user_id)
INCLUDE (file_size_bytes);
CREATE INDEX CONCURRENTLY idx_verification_tokens_user ON app.verification_tokens (user_id, purpose);
CREATE INDEX CONCURRENTLY idx_sessions_user_last_used
ON app.sessions (user_id, last_used_at DESC, id DESC);
DROP INDEX app.idx_sessions_user_unrevoked;
DROP INDEX app.idx_sessions_user_created;
DROP INDEX app.idx_user_mutes_muter_created;
DROP INDEX app.idx_user_blocks_blocker_created;
DROP INDEX app.idx_verification_tokens_user_created;
DROP INDEX app.idx_pending_uploads_user_created;
DROP INDEX idx_post_media_user_created;
DROP INDEX idx_messages_sender_created;
