-- What follows from a status, so that `UPDATE … SET status = …` is the whole statement.

-- The first publication sets the time the public sees, in the same statement; a restored post keeps its own.
CREATE OR REPLACE FUNCTION app.stamp_publication() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.published_at := coalesce(NEW.published_at, NEW.created_at);
        NEW.created_at := NEW.published_at;
    ELSIF OLD.published_at IS NULL THEN
        NEW.published_at := coalesce(NEW.published_at, now());
        NEW.drafted_at := coalesce(NEW.drafted_at, OLD.created_at);
        NEW.created_at := NEW.published_at;
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER stamp_publication
BEFORE INSERT OR UPDATE OF status ON public.posts
FOR EACH ROW WHEN (NEW.status = 'published')
EXECUTE FUNCTION app.stamp_publication();

-- Deleting remembers the status, leaving 'deleted' forgets it: restore is `SET status = status_before_delete`.
CREATE OR REPLACE FUNCTION app.track_deletion() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    IF NEW.status = 'deleted' THEN
        NEW.deleted_at := coalesce(NEW.deleted_at, now());
        NEW.status_before_delete := OLD.status;
    ELSE
        NEW.deleted_at := NULL;
        NEW.status_before_delete := NULL;
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER track_deletion
BEFORE UPDATE OF status ON public.posts
FOR EACH ROW WHEN ((OLD.status = 'deleted') <> (NEW.status = 'deleted'))
EXECUTE FUNCTION app.track_deletion();

CREATE OR REPLACE TRIGGER track_deletion
BEFORE UPDATE OF status ON public.users
FOR EACH ROW WHEN ((OLD.status = 'deleted') <> (NEW.status = 'deleted'))
EXECUTE FUNCTION app.track_deletion();

-- One order for one set of people: what makes the pair of a direct conversation unique.
CREATE OR REPLACE FUNCTION app.sort_participants() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    NEW.participant_ids := ARRAY(
        SELECT DISTINCT participant_id
        FROM unnest(NEW.participant_ids) AS participant_id
        ORDER BY participant_id
    );
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER sort_participants
BEFORE INSERT OR UPDATE OF participant_ids ON public.conversations
FOR EACH ROW EXECUTE FUNCTION app.sort_participants();
