ALTER TABLE public.post_media
DROP COLUMN thumbnails,
DROP COLUMN placeholder;
