-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Run outside of a transaction (db/revision.py), which squawk takes for granted only where a file is one statement.

-- What an export reads page by page (db/exports.py), by the person and the time; blocks and mutes, which people list by
-- time as well; and the sessions that a person has not revoked, by the last use. Built while people write.
CREATE INDEX CONCURRENTLY idx_messages_sender_created ON messages (sender_id, created_at DESC, id DESC)
WHERE sender_id IS NOT NULL;

CREATE INDEX CONCURRENTLY idx_post_media_user_created ON post_media (user_id, created_at DESC, id DESC);

CREATE INDEX CONCURRENTLY idx_pending_uploads_user_created ON app.pending_uploads (user_id, created_at DESC, id DESC)
INCLUDE (file_size_bytes);

CREATE INDEX CONCURRENTLY idx_verification_tokens_user_created
ON app.verification_tokens (user_id, created_at DESC, id DESC);

CREATE INDEX CONCURRENTLY idx_user_blocks_blocker_created
ON app.user_blocks (blocker_id, created_at DESC, blocked_id DESC);

CREATE INDEX CONCURRENTLY idx_user_mutes_muter_created ON app.user_mutes (muter_id, created_at DESC, muted_id DESC);

CREATE INDEX CONCURRENTLY idx_sessions_user_created ON app.sessions (user_id, created_at DESC, id DESC);

CREATE INDEX CONCURRENTLY idx_sessions_user_unrevoked ON app.sessions (user_id, last_used_at DESC, id DESC)
WHERE revoked_at IS NULL;

-- What each of these served, one of the above serves.
DROP INDEX CONCURRENTLY IF EXISTS idx_messages_sender;

DROP INDEX CONCURRENTLY IF EXISTS app.idx_pending_uploads_user;

DROP INDEX CONCURRENTLY IF EXISTS app.idx_verification_tokens_user;

DROP INDEX CONCURRENTLY IF EXISTS app.idx_sessions_user_last_used;
