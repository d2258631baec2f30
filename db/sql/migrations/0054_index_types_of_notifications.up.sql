-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Run outside of a transaction (db/migrations/revision.py), which squawk takes for granted only where a file is one
-- statement.

CREATE INDEX CONCURRENTLY idx_notifications_user_type ON public.notifications (user_id, type, created_at DESC, id DESC);
