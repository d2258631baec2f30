-- app.doomed_objects: whatever deletes the row of a file or an upload (a mutation, a purge, the cascade of a post or an
-- account) leaves the keys of its objects to the job that deletes them. Rows of files that the API draws itself, as
-- those of demo people, have no object: their keys lie in no folder of the store.

CREATE OR REPLACE FUNCTION app.doom_objects_of_media() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    INSERT INTO app.doomed_objects (object_key)
    SELECT object_key FROM changed
    WHERE object_key LIKE 'm/%'
    ON CONFLICT (object_key) DO NOTHING;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER doom_objects_of_media
AFTER DELETE ON public.post_media REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.doom_objects_of_media();

CREATE OR REPLACE FUNCTION app.doom_objects_of_uploads() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    -- Until then somebody may still send bytes to its address, or write to the key of an attempt that was given up.
    INSERT INTO app.doomed_objects (object_key, not_before)
    SELECT object_key, greatest(now(), url_expires_at) + interval '1 hour'
    FROM changed
    UNION ALL
    SELECT final_key, now() + interval '1 hour'
    FROM changed
    WHERE
        final_key IS NOT NULL
        AND NOT EXISTS (SELECT FROM public.post_media AS m WHERE m.object_key = changed.final_key)
    ON CONFLICT (object_key) DO NOTHING;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER doom_objects_of_uploads
AFTER DELETE ON app.pending_uploads REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.doom_objects_of_uploads();
