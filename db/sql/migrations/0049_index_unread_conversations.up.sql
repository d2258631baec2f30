-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Run outside of a transaction (db/migrations/revision.py), which squawk takes for granted only where a file is one
-- statement.

-- What somebody has not read of what a conversation told them, the oldest first.
CREATE INDEX CONCURRENTLY idx_notifications_conversation_unread ON public.notifications (user_id, conversation_id, id)
WHERE NOT is_read AND conversation_id IS NOT NULL;
