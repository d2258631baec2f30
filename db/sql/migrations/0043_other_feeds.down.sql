-- What older releases cannot read goes, and the feeds have their other filters left.
DELETE FROM feed_filters
WHERE type = 'feed';

ALTER TYPE filter_type RENAME TO newer_filter_type;

CREATE TYPE filter_type AS ENUM (
    'post_type', 'author', 'tag', 'date_range', 'engagement', 'text', 'has_media', 'language', 'has_link', 'alt_text'
);

ALTER TABLE feed_filters
ALTER COLUMN type TYPE filter_type USING type::text::filter_type;

DROP TYPE newer_filter_type;
