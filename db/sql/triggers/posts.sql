-- posts.likes_count and posts.reposts_count. See README.md for the locks and for what a counter promises.
-- The argument of a trigger is what each of its rows is worth; an update is a removal and an arrival.

CREATE OR REPLACE FUNCTION app.update_post_likes_count() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    step constant integer := TG_ARGV[0];
BEGIN
    PERFORM FROM public.posts
    WHERE id IN (SELECT changed.post_id FROM changed WHERE changed.type = 'like')
    ORDER BY id
    FOR NO KEY UPDATE;

    UPDATE public.posts
    SET likes_count = greatest(posts.likes_count + step * change.likes, 0)
    FROM (SELECT post_id, count(*) AS likes FROM changed WHERE type = 'like' GROUP BY post_id) AS change
    WHERE posts.id = change.post_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER update_post_likes_count_on_insert
AFTER INSERT ON public.post_interactions REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_likes_count('1');

CREATE OR REPLACE TRIGGER update_post_likes_count_on_delete
AFTER DELETE ON public.post_interactions REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_likes_count('-1');

CREATE OR REPLACE TRIGGER update_post_likes_count_on_update_from
AFTER UPDATE ON public.post_interactions REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_likes_count('-1');

CREATE OR REPLACE TRIGGER update_post_likes_count_on_update_to
AFTER UPDATE ON public.post_interactions REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_likes_count('1');

CREATE OR REPLACE FUNCTION app.update_post_reposts_count() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    step constant integer := TG_ARGV[0];
BEGIN
    PERFORM FROM public.posts
    WHERE id IN (SELECT changed.post_id FROM changed)
    ORDER BY id
    FOR NO KEY UPDATE;

    UPDATE public.posts
    SET reposts_count = greatest(posts.reposts_count + step * change.reposts, 0)
    FROM (SELECT post_id, count(*) AS reposts FROM changed GROUP BY post_id) AS change
    WHERE posts.id = change.post_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER update_post_reposts_count_on_insert
AFTER INSERT ON public.reposts REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_reposts_count('1');

CREATE OR REPLACE TRIGGER update_post_reposts_count_on_delete
AFTER DELETE ON public.reposts REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_reposts_count('-1');

CREATE OR REPLACE TRIGGER update_post_reposts_count_on_update_from
AFTER UPDATE ON public.reposts REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_reposts_count('-1');

CREATE OR REPLACE TRIGGER update_post_reposts_count_on_update_to
AFTER UPDATE ON public.reposts REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_reposts_count('1');
