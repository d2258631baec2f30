ALTER TABLE custom_feeds DROP COLUMN rules_version;
