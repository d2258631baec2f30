ALTER TABLE public.notifications DROP COLUMN written_in;
ALTER TABLE public.messages DROP COLUMN written_in;
