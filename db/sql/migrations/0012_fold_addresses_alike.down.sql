-- Whoever writes to users waits while the index of before is built.
CREATE UNIQUE INDEX users_email_key ON users (lower(email));
DROP INDEX users_email_folded_key;
