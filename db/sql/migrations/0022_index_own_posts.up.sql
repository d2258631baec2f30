-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Run outside of a transaction (db/revision.py), which squawk takes for granted only where a file is one statement.

-- What only its author sees, in the order of the author's lists: drafts by their last change, scheduled posts by their
-- time, the next one first, and deleted posts by their deletion. Published posts are in none of them.
CREATE INDEX CONCURRENTLY idx_posts_user_drafts ON posts (user_id, updated_at DESC, id DESC)
WHERE status = 'draft';

CREATE INDEX CONCURRENTLY idx_posts_user_scheduled
ON posts (user_id, ((-1000000 * extract(EPOCH FROM scheduled_for AT TIME ZONE 'UTC'))::bigint) DESC, id DESC)
WHERE status = 'scheduled';

CREATE INDEX CONCURRENTLY idx_posts_user_deleted ON posts (user_id, deleted_at DESC, id DESC)
WHERE status = 'deleted';

-- Texts that have not been rendered: those of before 0016, until a job has done it.
CREATE INDEX CONCURRENTLY idx_posts_unrendered ON posts (id)
WHERE content_html IS NULL AND content IS NOT NULL;
