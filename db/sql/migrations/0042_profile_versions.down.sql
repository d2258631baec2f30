ALTER TABLE user_profiles DROP COLUMN version;
DROP TABLE app.profile_versions;
