-- Replies, however many are deleted. One with replies stays as a blank. Alone in its revision: it is built while
-- people write.
CREATE INDEX CONCURRENTLY idx_comments_parent_shown ON comments (parent_comment_id, created_at, id)
WHERE parent_comment_id IS NOT NULL AND (deleted_at IS NULL OR replies_count > 0);
