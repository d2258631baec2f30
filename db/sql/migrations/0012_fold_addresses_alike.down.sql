-- Built beside the writers, before the transaction that drops the other: see db/migrations/indexes.py.
CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (lower(email));
DROP INDEX users_email_folded_key;
