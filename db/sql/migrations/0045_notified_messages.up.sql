-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Run outside of a transaction (db/migrations/revision.py), which squawk takes for granted only where a file is one
-- statement.

-- The message that a notification quotes: what is changed or deleted is changed or deleted there, too. Without a
-- foreign key, which would be checked under a lock: messages go with their conversations alone, as notifications do.
ALTER TABLE public.notifications ADD COLUMN IF NOT EXISTS message_id bigint;

CREATE INDEX CONCURRENTLY idx_notifications_message ON public.notifications (message_id) WHERE message_id IS NOT NULL;
