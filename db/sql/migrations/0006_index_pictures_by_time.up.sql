-- A gallery shows the latest pictures of a person. Alone in its revision: it is built while people write.
CREATE INDEX CONCURRENTLY idx_post_media_user_pictures ON post_media (user_id, created_at DESC, id DESC)
WHERE type IN ('image', 'gif');
