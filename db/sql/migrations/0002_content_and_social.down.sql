DROP TABLE app.pending_uploads;
DROP TABLE app.user_mutes;
DROP TABLE app.user_blocks;
DROP TABLE friendships;
DROP TABLE user_follows;
DROP TABLE post_interactions;
DROP TABLE reposts;
DROP TABLE comments;
DROP INDEX idx_user_profiles_avatar;
ALTER TABLE user_profiles DROP CONSTRAINT user_profiles_avatar_media_id_fkey;
DROP TABLE post_media;
DROP TABLE posts;

DROP TYPE interaction_type;
DROP TYPE media_type;
DROP TYPE post_status;
DROP TYPE post_type;
