-- More kinds of filters for feeds.
ALTER TYPE filter_type ADD VALUE 'language' AFTER 'has_media';
ALTER TYPE filter_type ADD VALUE 'has_link' AFTER 'language';
ALTER TYPE filter_type ADD VALUE 'alt_text' AFTER 'has_link';

ALTER TABLE custom_feeds VALIDATE CONSTRAINT custom_feeds_rules_version_positive;
