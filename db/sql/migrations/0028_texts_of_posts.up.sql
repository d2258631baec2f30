-- The texts of a post as one, for feeds that look for a part of one. Triggers write it from now on, and
-- db/maintenance/search_rows.py where it is missing, once the upgrade has reached head.
ALTER TABLE app.post_search ADD COLUMN texts text;
