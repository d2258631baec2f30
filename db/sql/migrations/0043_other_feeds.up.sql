-- Filters on other feeds.
ALTER TYPE filter_type ADD VALUE 'feed' AFTER 'alt_text';
