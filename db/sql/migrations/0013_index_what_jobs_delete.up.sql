-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Run outside of a transaction (db/revision.py), which squawk takes for granted only where a file is one statement.

-- What jobs delete: the notifications of one person that another one caused, those whose actor is gone, and accounts
-- whose grace is over.
CREATE INDEX CONCURRENTLY idx_notifications_actor_user ON notifications (actor_id, user_id)
WHERE actor_id IS NOT NULL;

CREATE INDEX CONCURRENTLY idx_notifications_without_actor ON notifications (id)
WHERE actor_id IS NULL AND type <> 'system';

CREATE INDEX CONCURRENTLY idx_users_deleted ON users (deleted_at, id)
WHERE status = 'deleted' AND status_before_delete IS NOT NULL;

-- What this served, the first one serves.
DROP INDEX CONCURRENTLY IF EXISTS idx_notifications_actor;
