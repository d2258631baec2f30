DROP TABLE app.comment_likes;
ALTER TABLE comments DROP COLUMN depth;
