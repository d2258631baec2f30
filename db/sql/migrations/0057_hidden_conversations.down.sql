ALTER TABLE app.conversation_members DROP COLUMN hidden_at;
