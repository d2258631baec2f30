-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Run outside of a transaction (db/revision.py), which squawk takes for granted only where a file is one statement.

-- ASCII letters of an address fold alike under every locale, a Turkish one included; all others are stored folded.
CREATE UNIQUE INDEX CONCURRENTLY users_email_folded_key ON users (lower(email COLLATE "C"));

DROP INDEX CONCURRENTLY IF EXISTS users_email_key;
