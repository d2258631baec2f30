-- What each account created with which key, so that a retry is answered and not done again: see api/gql/idempotency.py.
-- object_id is null only within the transaction that creates the object.
CREATE TABLE app.idempotency_keys (
    user_id bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    object_id bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key),
    CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT idempotency_keys_key_length CHECK (char_length(key) BETWEEN 1 AND 64)
);

CREATE INDEX idx_idempotency_keys_created ON app.idempotency_keys (created_at);
