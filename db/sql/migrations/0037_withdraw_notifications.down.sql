DROP INDEX notifications_comment_once_key;
-- Older releases would show them.
DELETE FROM notifications
WHERE withdrawn_at IS NOT NULL;
ALTER TABLE notifications DROP COLUMN withdrawn_at;
