-- The smaller pictures of a file: the sizes that there are, and a ThumbHash in Base64. Null for all that is no picture,
-- and for what was uploaded before there were any.
ALTER TABLE public.post_media
ADD COLUMN thumbnails smallint[],
ADD COLUMN placeholder text;
