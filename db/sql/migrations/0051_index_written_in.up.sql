-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Run outside of a transaction (db/migrations/revision.py), which squawk takes for granted only where a file is one
-- statement.

-- What was written since a snapshot, of a conversation and of somebody's notifications (docs/adr/0058).
CREATE INDEX CONCURRENTLY idx_messages_conversation_written ON public.messages (conversation_id, written_in)
WHERE written_in IS NOT NULL;

CREATE INDEX CONCURRENTLY idx_notifications_user_written ON public.notifications (user_id, written_in)
WHERE written_in IS NOT NULL;
