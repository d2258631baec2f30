-- Drafts of texts had to have one: those without become drafts of pictures, which need none.
UPDATE posts SET type = 'image'
WHERE type IN ('text_short', 'text_long') AND coalesce(content, '') !~ '[^[:space:]]';

ALTER TABLE posts VALIDATE CONSTRAINT posts_content_had_text;

ALTER TABLE posts DROP CONSTRAINT posts_language_shape;
ALTER TABLE posts ADD CONSTRAINT posts_language_shape CHECK (
    char_length(language) <= 35 AND language ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'
    AND (language IS NOT NULL OR NOT is_language_detected)
) NOT VALID;
ALTER TABLE posts DROP CONSTRAINT posts_content_required;
ALTER TABLE posts ADD CONSTRAINT posts_content_required CHECK (
    CASE type
        WHEN 'text_short' THEN char_length(content) <= 500
        WHEN 'text_long' THEN char_length(content) <= 10000
        ELSE TRUE
    END
    AND (
        type NOT IN ('text_short', 'text_long')
        OR coalesce(content, '') ~ '[^[:space:]]'
        OR status = 'draft'
        OR status_before_delete IS NOT DISTINCT FROM 'draft'
    )
) NOT VALID;
