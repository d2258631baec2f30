-- Older releases cannot read feeds that leave out what was seen.
UPDATE custom_feeds
SET algorithm_config = algorithm_config - 'unseen_only'
WHERE algorithm_config ? 'unseen_only';

DROP TABLE app.seen_marks;
DROP TABLE app.seen_posts;
