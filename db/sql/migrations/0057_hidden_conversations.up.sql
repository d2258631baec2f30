-- What last_message_at was when the member took the conversation out of the inbox: it stays out until that changes.
-- Earlier releases, which know nothing of it, bring it back by a message as well.
ALTER TABLE app.conversation_members ADD COLUMN hidden_at timestamptz;
