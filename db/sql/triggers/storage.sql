-- storage_usage: the bytes of each person's media, in all and by kind. See README.md for the locks.
-- An update gives the old bytes back and takes the new ones; the names of its triggers put them in that order.

CREATE OR REPLACE FUNCTION app.update_storage_on_media_insert() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    -- An upsert: media of a person without a row is charged all the same.
    INSERT INTO public.storage_usage AS usage (
        user_id, used_bytes, images_bytes, videos_bytes, audio_bytes, other_bytes
    )
    SELECT
        user_id,
        sum(file_size_bytes),
        coalesce(sum(file_size_bytes) FILTER (WHERE type IN ('image', 'gif')), 0),
        coalesce(sum(file_size_bytes) FILTER (WHERE type = 'video'), 0),
        coalesce(sum(file_size_bytes) FILTER (WHERE type = 'audio'), 0),
        coalesce(sum(file_size_bytes) FILTER (WHERE type = 'document'), 0)
    FROM changed
    GROUP BY user_id
    ORDER BY user_id
    ON CONFLICT (user_id) DO UPDATE
    SET used_bytes = usage.used_bytes + excluded.used_bytes,
        images_bytes = usage.images_bytes + excluded.images_bytes,
        videos_bytes = usage.videos_bytes + excluded.videos_bytes,
        audio_bytes = usage.audio_bytes + excluded.audio_bytes,
        other_bytes = usage.other_bytes + excluded.other_bytes;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER update_storage_on_media_insert
AFTER INSERT ON public.post_media REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_storage_on_media_insert();

CREATE OR REPLACE TRIGGER update_storage_on_media_update_to
AFTER UPDATE ON public.post_media REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_storage_on_media_insert();

CREATE OR REPLACE FUNCTION app.update_storage_on_media_delete() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    PERFORM FROM public.storage_usage
    WHERE user_id IN (SELECT changed.user_id FROM changed)
    ORDER BY user_id
    FOR NO KEY UPDATE;

    -- Not an upsert: when a person is deleted, the row is gone before the media, and none may come back.
    UPDATE public.storage_usage AS usage
    SET used_bytes = greatest(usage.used_bytes - freed.used_bytes, 0),
        images_bytes = greatest(usage.images_bytes - freed.images_bytes, 0),
        videos_bytes = greatest(usage.videos_bytes - freed.videos_bytes, 0),
        audio_bytes = greatest(usage.audio_bytes - freed.audio_bytes, 0),
        other_bytes = greatest(usage.other_bytes - freed.other_bytes, 0)
    FROM (
        SELECT
            user_id,
            sum(file_size_bytes) AS used_bytes,
            coalesce(sum(file_size_bytes) FILTER (WHERE type IN ('image', 'gif')), 0) AS images_bytes,
            coalesce(sum(file_size_bytes) FILTER (WHERE type = 'video'), 0) AS videos_bytes,
            coalesce(sum(file_size_bytes) FILTER (WHERE type = 'audio'), 0) AS audio_bytes,
            coalesce(sum(file_size_bytes) FILTER (WHERE type = 'document'), 0) AS other_bytes
        FROM changed
        GROUP BY user_id
    ) AS freed
    WHERE usage.user_id = freed.user_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER update_storage_on_media_delete
AFTER DELETE ON public.post_media REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_storage_on_media_delete();

CREATE OR REPLACE TRIGGER update_storage_on_media_update_from
AFTER UPDATE ON public.post_media REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_storage_on_media_delete();
