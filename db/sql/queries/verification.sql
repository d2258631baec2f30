-- name: insert_token
-- A token that proves an e-mail address.
INSERT INTO app.verification_tokens (user_id, purpose, token_hash, email, expires_at)
VALUES (%(user_id)s, %(purpose)s, %(token_hash)s, %(email)s, now() + %(lifetime)s::interval);

-- name: owner_of_token
-- Whose token this is, while it can be used, with the address that it proves and the one that is stored.
SELECT
    u.id,
    u.username,
    u.email AS stored_email,
    t.email
FROM app.verification_tokens AS t
INNER JOIN public.users AS u ON t.user_id = u.id
WHERE
    t.token_hash = %(token_hash)s
    AND t.purpose = %(purpose)s
    AND t.used_at IS NULL
    AND t.expires_at > now();

-- name: use_token
-- Use a token, which only one of several at once can do; its owner's id.
UPDATE app.verification_tokens
SET used_at = now()
WHERE token_hash = %(token_hash)s AND purpose = %(purpose)s AND used_at IS NULL AND expires_at > now()
RETURNING user_id AS id;

-- name: void_tokens
-- Make the unused tokens of a user worthless, those for one purpose.
UPDATE app.verification_tokens
SET used_at = now()
WHERE user_id = %(user_id)s AND purpose = %(purpose)s AND used_at IS NULL;
