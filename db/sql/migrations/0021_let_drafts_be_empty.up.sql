-- From here on only the rule of 0016 holds: drafts may lack their text.
-- squawk-ignore ban-drop-constraint
ALTER TABLE posts DROP CONSTRAINT posts_content_had_text;
