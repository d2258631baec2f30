-- What others may see of a person's posts, however many are private. Alone in its revision: it is built while people
-- write.
CREATE INDEX CONCURRENTLY idx_posts_user_shared ON posts (user_id, created_at DESC, id DESC)
WHERE status = 'published' AND visibility <> 'private';
