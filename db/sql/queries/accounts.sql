-- name: credentials_by_login
-- Who signs in under this user name or e-mail address, with the hash of the password.
SELECT
    u.id,
    u.password_hash
FROM public.users AS u
WHERE (lower(u.username) = lower(%(login)s) OR lower(u.email) = lower(%(login)s)) AND u.status <> 'deleted';

-- name: insert_session
-- Open a session; the end of its life.
INSERT INTO app.sessions (user_id, token_hash, user_agent, ip_address, expires_at)
VALUES (
    %(user_id)s,
    %(token_hash)s,
    %(user_agent)s,
    %(ip_address)s::inet,
    now() + %(lifetime)s::interval
)
RETURNING
    id,
    expires_at;

-- name: note_login
-- Remember when a user last signed in.
UPDATE public.users
SET last_login_at = now()
WHERE id = %(user_id)s;

-- name: session_by_token_hash
-- The living session of a token, with the account that it belongs to.
SELECT
    s.id AS session_id,
    s.expires_at,
    u.id,
    u.username,
    u.email,
    u.email_verified,
    u.status
FROM app.sessions AS s
INNER JOIN public.users AS u ON s.user_id = u.id
WHERE s.token_hash = %(token_hash)s AND s.revoked_at IS NULL AND s.expires_at > now() AND u.status <> 'deleted';

-- name: extend_session
-- A session that is used lives on.
UPDATE app.sessions
SET
    last_used_at = now(),
    expires_at = now() + %(lifetime)s::interval
WHERE id = %(session_id)s;

-- name: revoke_session
-- End a session.
UPDATE app.sessions
SET revoked_at = now()
WHERE id = %(session_id)s AND user_id = %(viewer)s AND revoked_at IS NULL
RETURNING id;
