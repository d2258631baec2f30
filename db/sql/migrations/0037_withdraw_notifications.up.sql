-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Run outside of a transaction (db/migrations/revision.py), which squawk takes for granted only where a file is one
-- statement.

-- When the act of a notification was undone that had been read.
ALTER TABLE public.notifications ADD COLUMN IF NOT EXISTS withdrawn_at timestamptz;

-- Those of one comment that somebody was notified of twice: the first stays.
DELETE FROM public.notifications AS n
USING public.notifications AS earlier
WHERE
    n.type IN ('comment', 'mention')
    AND n.comment_id IS NOT NULL
    AND earlier.type IN ('comment', 'mention')
    AND earlier.comment_id = n.comment_id
    AND earlier.user_id = n.user_id
    AND earlier.id < n.id;

-- A comment notifies each person once: as an author, or by a mention. Its words are found by it, not its likes.
CREATE UNIQUE INDEX CONCURRENTLY notifications_comment_once_key ON public.notifications (comment_id, user_id)
WHERE comment_id IS NOT NULL AND type IN ('comment', 'mention');
