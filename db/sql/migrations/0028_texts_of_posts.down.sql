-- Older releases cannot read feeds with a score of their own.
UPDATE custom_feeds
SET algorithm_config = (algorithm_config - 'score') || '{"sort": "ENGAGEMENT"}'
WHERE algorithm_config ->> 'sort' = 'SCORE';

ALTER TABLE app.post_search DROP COLUMN texts;
