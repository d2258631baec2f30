-- A list shows its latest members first. Alone in its revision: it is built while people write.
CREATE INDEX CONCURRENTLY idx_list_members_list_created ON list_members (list_id, created_at DESC, user_id DESC);
