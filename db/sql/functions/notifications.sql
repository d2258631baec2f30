-- Take notifications back whose act was undone by this person; NULL where nobody undid it. One that was not read is
-- deleted, and so is one of the person's own inbox: who ends something forgets it. One that was read stays out of sight
-- and without its words, so that whoever acts again does not notify again. The update is a statement of its own, whose
-- snapshot shows what was read meanwhile. Callers lock the rows in the order of their ids.
CREATE OR REPLACE FUNCTION app.withdraw_notifications(ids bigint[], undone_by bigint) RETURNS void
LANGUAGE sql VOLATILE
SET search_path = ''
AS $$
DELETE FROM public.notifications
WHERE id = ANY (ids) AND (NOT is_read OR user_id = undone_by);

UPDATE public.notifications
SET withdrawn_at = now(), content = NULL
WHERE id = ANY (ids) AND withdrawn_at IS NULL;
$$;
