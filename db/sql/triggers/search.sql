-- app.post_search and app.user_search: what posts and people are found by. A like changes none of the columns that are
-- named here, and so runs none of these.

CREATE OR REPLACE FUNCTION app.index_post() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    IF NEW.status <> 'published' THEN
        DELETE FROM app.post_search WHERE post_id = NEW.id;
        RETURN NULL;
    END IF;
    INSERT INTO app.post_search (post_id, user_id, visibility, created_at, document, texts)
    VALUES (NEW.id, NEW.user_id, NEW.visibility, NEW.created_at, app.search_document(NEW), app.search_texts(NEW))
    ON CONFLICT (post_id) DO UPDATE
        SET user_id = excluded.user_id,
            visibility = excluded.visibility,
            created_at = excluded.created_at,
            document = excluded.document,
            texts = excluded.texts;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER index_post_on_insert
AFTER INSERT ON public.posts
FOR EACH ROW WHEN (NEW.status = 'published')
EXECUTE FUNCTION app.index_post();

CREATE OR REPLACE TRIGGER index_post_on_update
AFTER UPDATE OF user_id, type, status, visibility, title, content, language, tags, media_urls, created_at
ON public.posts
FOR EACH ROW WHEN (NEW.status = 'published' OR OLD.status = 'published')
EXECUTE FUNCTION app.index_post();

-- The row of a person, as it has to be now. The person is locked, so that of two who change the person and the profile
-- at once the second one reads what the first one wrote.
CREATE OR REPLACE FUNCTION app.index_user(person bigint) RETURNS void
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    PERFORM FROM public.users WHERE id = person FOR NO KEY UPDATE;
    DELETE FROM app.user_search
    WHERE user_id = person
        AND NOT EXISTS (SELECT FROM public.users AS u WHERE u.id = person AND u.status = 'active');
    INSERT INTO app.user_search (user_id, username, name)
    SELECT u.id, lower(u.username), app.search_name(f.display_name)
    FROM public.users AS u
    LEFT JOIN public.user_profiles AS f ON u.id = f.user_id AND f.visibility = 'public'
    WHERE u.id = person AND u.status = 'active'
    ON CONFLICT (user_id) DO UPDATE SET username = excluded.username, name = excluded.name;
END
$$;

CREATE OR REPLACE FUNCTION app.index_changed_user() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    PERFORM app.index_user(NEW.id);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER index_user_on_insert
AFTER INSERT ON public.users
FOR EACH ROW WHEN (NEW.status = 'active')
EXECUTE FUNCTION app.index_changed_user();

CREATE OR REPLACE TRIGGER index_user_on_update
AFTER UPDATE OF username, status ON public.users
FOR EACH ROW WHEN (NEW.username <> OLD.username OR NEW.status <> OLD.status)
EXECUTE FUNCTION app.index_changed_user();

CREATE OR REPLACE FUNCTION app.index_changed_profile() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    PERFORM app.index_user(NEW.user_id);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER index_profile_on_insert
AFTER INSERT ON public.user_profiles
FOR EACH ROW EXECUTE FUNCTION app.index_changed_profile();

CREATE OR REPLACE TRIGGER index_profile_on_update
AFTER UPDATE OF display_name, visibility ON public.user_profiles
FOR EACH ROW WHEN (NEW.display_name IS DISTINCT FROM OLD.display_name OR NEW.visibility <> OLD.visibility)
EXECUTE FUNCTION app.index_changed_profile();
