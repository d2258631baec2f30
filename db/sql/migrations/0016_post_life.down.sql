DROP TABLE app.post_mentions;
DROP TABLE app.post_revisions;

ALTER TABLE posts DROP CONSTRAINT posts_language_shape;
ALTER TABLE posts DROP COLUMN is_language_detected;
ALTER TABLE posts DROP COLUMN language;

ALTER TABLE posts DROP CONSTRAINT posts_content_required;
ALTER TABLE posts RENAME CONSTRAINT posts_content_had_text TO posts_content_required;
