-- Check the rows there are against the rules of 0016, beside everybody else. The rule before it is no longer one that
-- all rows are known to keep: so it can return without a check under the lock of its revision.
ALTER TABLE posts VALIDATE CONSTRAINT posts_content_required;
ALTER TABLE posts VALIDATE CONSTRAINT posts_language_shape;

-- squawk-ignore ban-drop-constraint
ALTER TABLE posts DROP CONSTRAINT posts_content_had_text;
ALTER TABLE posts ADD CONSTRAINT posts_content_had_text CHECK (
    CASE type
        WHEN 'text_short' THEN coalesce(content, '') ~ '[^[:space:]]' AND char_length(content) <= 500
        WHEN 'text_long' THEN coalesce(content, '') ~ '[^[:space:]]' AND char_length(content) <= 10000
        ELSE TRUE
    END
) NOT VALID;
