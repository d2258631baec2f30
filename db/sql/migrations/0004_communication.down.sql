DROP TABLE app.conversation_members;
DROP TABLE user_subscriptions;
DROP TABLE notifications;
DROP TABLE messages;
DROP TABLE conversations;

DROP TYPE subscription_status;
DROP TYPE notification_type;
