ALTER TABLE public.notifications DROP COLUMN message_id;
