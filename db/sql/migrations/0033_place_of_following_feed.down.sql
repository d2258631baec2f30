ALTER TABLE app.user_settings DROP COLUMN following_feed_order;
