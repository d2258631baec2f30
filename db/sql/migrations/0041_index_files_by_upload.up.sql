-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Run outside of a transaction (db/migrations/revision.py), which squawk takes for granted only for one statement.

-- The upload that a file was made of: completing one twice makes one file.
ALTER TABLE public.post_media ADD COLUMN IF NOT EXISTS upload_id bigint;

CREATE UNIQUE INDEX CONCURRENTLY post_media_upload_id_key ON post_media (upload_id);
