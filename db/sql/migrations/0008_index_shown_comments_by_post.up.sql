-- A thread, however many comments are deleted. One with replies stays as a blank. Alone in its revision: it is built
-- while people write.
CREATE INDEX CONCURRENTLY idx_comments_post_shown ON comments (post_id, created_at DESC, id DESC)
WHERE parent_comment_id IS NULL AND (deleted_at IS NULL OR replies_count > 0);
