DROP TABLE app.post_mentions;
DROP TABLE app.post_revisions;

ALTER TABLE posts DROP CONSTRAINT posts_language_shape;
ALTER TABLE posts DROP COLUMN is_language_detected;
ALTER TABLE posts DROP COLUMN language;

ALTER TABLE posts DROP CONSTRAINT posts_content_required;
-- Drafts of texts had to have one: those without become drafts of pictures, which need none.
UPDATE posts SET type = 'image'
WHERE type IN ('text_short', 'text_long') AND coalesce(content, '') !~ '[^[:space:]]';
ALTER TABLE posts ADD CONSTRAINT posts_content_required CHECK (
    CASE type
        WHEN 'text_short' THEN coalesce(content, '') ~ '[^[:space:]]' AND char_length(content) <= 500
        WHEN 'text_long' THEN coalesce(content, '') ~ '[^[:space:]]' AND char_length(content) <= 10000
        ELSE TRUE
    END
);
