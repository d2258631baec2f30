DROP TABLE app.message_replies;
ALTER TABLE app.conversation_members DROP COLUMN hidden_at;
