-- Counts the changes of a feed's rules: cursors belong to one version of them, and a change may name the one that it
-- expects.
ALTER TABLE custom_feeds
ADD COLUMN rules_version integer NOT NULL DEFAULT 1,
-- 0027 reads the rows, when nobody waits for it.
ADD CONSTRAINT custom_feeds_rules_version_positive CHECK (rules_version >= 1) NOT VALID;
