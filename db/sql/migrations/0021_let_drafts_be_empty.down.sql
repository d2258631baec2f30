ALTER TABLE posts ADD CONSTRAINT posts_content_had_text CHECK (
    CASE type
        WHEN 'text_short' THEN coalesce(content, '') ~ '[^[:space:]]' AND char_length(content) <= 500
        WHEN 'text_long' THEN coalesce(content, '') ~ '[^[:space:]]' AND char_length(content) <= 10000
        ELSE TRUE
    END
) NOT VALID;
