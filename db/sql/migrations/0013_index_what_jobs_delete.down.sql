DROP INDEX idx_users_deleted;
-- Whoever writes to notifications waits while the index of before is built.
CREATE INDEX idx_notifications_actor ON notifications (actor_id) WHERE actor_id IS NOT NULL;
DROP INDEX idx_notifications_without_actor;
DROP INDEX idx_notifications_actor_user;
