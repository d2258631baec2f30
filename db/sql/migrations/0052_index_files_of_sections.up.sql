-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Run outside of a transaction (db/migrations/revision.py), which squawk takes for granted only where a file is one
-- statement.

-- The file of the owner that a piece shows.
ALTER TABLE public.section_content ADD COLUMN IF NOT EXISTS media_id bigint;

CREATE INDEX CONCURRENTLY idx_section_content_media ON public.section_content (media_id)
WHERE media_id IS NOT NULL;
