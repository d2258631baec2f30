-- Which transaction wrote a row: a reader of live events that has seen the database at one moment (a snapshot) finds
-- with it exactly what was committed since, whatever the order of ids and times (docs/adr/0058). Rows of before have
-- none, and are no news. The default comes second: with it at once, each row would be written anew.
ALTER TABLE public.messages ADD COLUMN written_in xid8;
ALTER TABLE public.messages ALTER COLUMN written_in SET DEFAULT pg_current_xact_id();

ALTER TABLE public.notifications ADD COLUMN written_in xid8;
ALTER TABLE public.notifications ALTER COLUMN written_in SET DEFAULT pg_current_xact_id();
