-- Older releases cannot read feeds with a score or a limit of their own.
UPDATE custom_feeds
SET
    algorithm_config
    = (algorithm_config - 'score' - 'max_per_author_per_day')
    || CASE WHEN algorithm_config ->> 'sort' = 'SCORE' THEN '{"sort": "ENGAGEMENT"}' ELSE '{}' END::jsonb
WHERE algorithm_config ->> 'sort' = 'SCORE' OR algorithm_config ? 'max_per_author_per_day';

ALTER TABLE app.post_search DROP COLUMN texts;
