-- What shows a file has no address.
DELETE FROM public.section_content
WHERE media_id IS NOT NULL;

ALTER TABLE public.section_content
DROP CONSTRAINT section_content_media_id_fkey,
DROP CONSTRAINT section_content_media_type,
DROP CONSTRAINT section_content_body_required,
ADD CONSTRAINT section_content_body_required CHECK (
    CASE content_type
        WHEN 'text' THEN content IS NOT NULL
        ELSE url IS NOT NULL
    END
) NOT VALID;

ALTER TABLE public.section_content VALIDATE CONSTRAINT section_content_body_required;
