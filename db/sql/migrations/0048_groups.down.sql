DROP TABLE app.ended_conversations;
ALTER TABLE app.conversation_members DROP COLUMN is_admin;
