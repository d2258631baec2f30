-- updated_at says when a person last changed the row. Columns that the system counts or stamps are left out of the
-- lists below: a like must not make a post look edited.

CREATE OR REPLACE FUNCTION app.update_updated_at_column() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER update_updated_at_column
BEFORE UPDATE OF username, email, email_verified, password_hash, status ON public.users
FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();

CREATE OR REPLACE TRIGGER update_updated_at_column
BEFORE UPDATE ON public.user_profiles
FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();

CREATE OR REPLACE TRIGGER update_updated_at_column
BEFORE UPDATE OF
type, status, visibility, title, content, tags, language, is_language_detected, media_urls, thumbnail_url,
scheduled_for, edited_at
ON public.posts
FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();

CREATE OR REPLACE TRIGGER update_updated_at_column
BEFORE UPDATE OF content, edited_at, deleted_at ON public.comments
FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();

CREATE OR REPLACE TRIGGER update_updated_at_column
BEFORE UPDATE ON public.profile_sections
FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();

CREATE OR REPLACE TRIGGER update_updated_at_column
BEFORE UPDATE ON public.section_content
FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();

CREATE OR REPLACE TRIGGER update_updated_at_column
BEFORE UPDATE OF name, description, algorithm_config, rules_version ON public.custom_feeds
FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();

CREATE OR REPLACE TRIGGER update_updated_at_column
BEFORE UPDATE ON public.user_lists
FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();

CREATE OR REPLACE TRIGGER update_updated_at_column
BEFORE UPDATE ON public.user_subscriptions
FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();

CREATE OR REPLACE TRIGGER update_updated_at_column
BEFORE UPDATE ON app.user_settings
FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();
