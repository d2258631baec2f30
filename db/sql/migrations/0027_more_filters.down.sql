-- What older releases cannot read goes, and the feeds have their other filters left.
DELETE FROM feed_filters
WHERE
    type IN ('language', 'has_link', 'alt_text')
    OR (type = 'engagement' AND operator = 'in_range');

-- Whole words and places of texts are not known there either: the text is looked for everywhere again.
UPDATE feed_filters
SET value = value - 'whole_word' - 'places'
WHERE type = 'text';

ALTER TYPE filter_type RENAME TO newer_filter_type;

CREATE TYPE filter_type AS ENUM ('post_type', 'author', 'tag', 'date_range', 'engagement', 'text', 'has_media');

ALTER TABLE feed_filters
ALTER COLUMN type TYPE filter_type USING type::text::filter_type;

DROP TYPE newer_filter_type;

-- Not valid, as 0026 leaves it.
ALTER TABLE custom_feeds
DROP CONSTRAINT custom_feeds_rules_version_positive,
ADD CONSTRAINT custom_feeds_rules_version_positive CHECK (rules_version >= 1) NOT VALID;
