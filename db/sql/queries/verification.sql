-- name: insert_token
-- A token that proves an e-mail address; its owner's id. A deleted account gets none but to reset its password, by
-- which its owner comes back: the others were voided when its deletion began.
INSERT INTO app.verification_tokens (user_id, purpose, token_hash, email, expires_at)
SELECT
    u.id,
    %(purpose)s::text AS purpose,
    %(token_hash)s::bytea AS token_hash,
    %(email)s::text AS email,
    now() + %(lifetime)s::interval AS expires_at
FROM public.users AS u
WHERE u.id = %(user_id)s AND (u.status <> 'deleted' OR %(purpose)s::text = 'password_reset')
RETURNING user_id AS id;

-- name: owner_of_token
-- Whose token this is, while it can be used, with the address that it proves and the one that is stored. A password
-- reset works only while its address is still the account's.
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
    AND (t.purpose <> 'password_reset' OR t.email = u.email)
    AND t.used_at IS NULL
    AND t.expires_at > now();

-- name: use_token
-- Use a token, which only one of several at once can do; its owner's id.
UPDATE app.verification_tokens
SET used_at = now()
WHERE token_hash = %(token_hash)s AND purpose = %(purpose)s AND used_at IS NULL AND expires_at > now()
RETURNING user_id AS id;

-- name: void_tokens
-- Make the unused tokens of a user worthless, those for one purpose or, with NULL for it, all of them.
UPDATE app.verification_tokens
SET used_at = now()
WHERE
    user_id = %(user_id)s
    AND purpose = coalesce(%(purpose)s::text, purpose)
    AND used_at IS NULL;
