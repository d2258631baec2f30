DROP INDEX idx_posts_user_shared;
