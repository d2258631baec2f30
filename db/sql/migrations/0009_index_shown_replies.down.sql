DROP INDEX idx_comments_parent_shown;
