DROP INDEX idx_posts_unrendered;
DROP INDEX idx_posts_user_deleted;
DROP INDEX idx_posts_user_scheduled;
DROP INDEX idx_posts_user_drafts;
