-- Built beside the writers, before the transaction that drops the others: see db/migrations/indexes.py.
CREATE INDEX CONCURRENTLY idx_notifications_actor ON notifications (actor_id)
WHERE actor_id IS NOT NULL;
DROP INDEX idx_users_deleted;
DROP INDEX idx_notifications_without_actor;
DROP INDEX idx_notifications_actor_user;
