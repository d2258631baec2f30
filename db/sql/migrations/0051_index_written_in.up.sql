CREATE INDEX CONCURRENTLY idx_messages_conversation_written ON public.messages (conversation_id, written_in)
WHERE written_in IS NOT NULL;

CREATE INDEX CONCURRENTLY idx_notifications_user_written ON public.notifications (user_id, written_in)
WHERE written_in IS NOT NULL;
