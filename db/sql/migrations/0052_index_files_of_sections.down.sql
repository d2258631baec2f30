DROP INDEX public.idx_section_content_media;

ALTER TABLE public.section_content DROP COLUMN media_id;
