DROP INDEX post_media_upload_id_key;
ALTER TABLE post_media DROP COLUMN upload_id;
