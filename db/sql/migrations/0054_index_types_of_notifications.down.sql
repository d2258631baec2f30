DROP INDEX public.idx_notifications_user_type;
