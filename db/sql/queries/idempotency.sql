-- name: claim_idempotency_key
-- Use a key that this account has not used for so long: its id, else no row. Waits for a transaction that uses it now.
INSERT INTO app.idempotency_keys AS k (user_id, key, fingerprint)
VALUES (%(viewer)s, %(key)s, %(fingerprint)s)
ON CONFLICT ON CONSTRAINT idempotency_keys_pkey DO UPDATE
    SET fingerprint = excluded.fingerprint, object_id = NULL, created_at = excluded.created_at
    WHERE k.created_at <= now() - %(lifetime)s::interval
RETURNING user_id AS id;

-- name: note_created_object
-- Record what a claimed key has created.
UPDATE app.idempotency_keys SET object_id = %(object_id)s
WHERE user_id = %(viewer)s AND key = %(key)s;

-- name: object_of_idempotency_key
-- With which input a key was used, and what it created. It is locked, so that no job deletes it meanwhile.
SELECT
    k.fingerprint,
    k.object_id
FROM app.idempotency_keys AS k
WHERE k.user_id = %(viewer)s AND k.key = %(key)s AND k.object_id IS NOT NULL
FOR SHARE;
