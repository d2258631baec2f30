DROP INDEX idx_comments_post_shown;
