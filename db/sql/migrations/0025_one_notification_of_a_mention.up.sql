-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Run outside of a transaction (db/revision.py), which squawk takes for granted only where a file is one statement.

-- Those of one mention that two transactions have notified of at once: the first stays.
DELETE FROM public.notifications AS n
USING public.notifications AS earlier
WHERE
    n.type = 'mention'
    AND n.comment_id IS NULL
    AND earlier.type = 'mention'
    AND earlier.comment_id IS NULL
    AND earlier.post_id = n.post_id
    AND earlier.user_id = n.user_id
    AND earlier.id < n.id;

-- A post notifies each person of its mention once.
CREATE UNIQUE INDEX CONCURRENTLY notifications_mention_once_key ON notifications (post_id, user_id)
WHERE type = 'mention' AND comment_id IS NULL;
