DROP INDEX idx_comments_unrendered;
