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

-- name: session_by_token_hash
-- The living session of a token, with the account that it belongs to, whatever its status, and whether it can be
-- extended here: not on a standby, nor where transactions are read-only.
SELECT
    s.id AS session_id,
    s.expires_at,
    u.id,
    u.username,
    u.email,
    u.email_verified,
    u.status,
    current_setting('transaction_read_only')::boolean AS is_read_only
FROM app.sessions AS s
INNER JOIN public.users AS u ON s.user_id = u.id
WHERE s.token_hash = %(token_hash)s AND s.revoked_at IS NULL AND s.expires_at > now();

-- name: token_owners_by_token_hashes
-- For each of these tokens, in hexadecimal digits of its digest, that has a living session: whose it is. In no order.
SELECT
    given.token_hash,
    u.id,
    u.status
FROM unnest(%(token_hashes)s::text[]) AS given (token_hash)
INNER JOIN app.sessions AS s ON s.token_hash = decode(given.token_hash, 'hex')
INNER JOIN public.users AS u ON s.user_id = u.id
WHERE s.revoked_at IS NULL AND s.expires_at > now();

-- name: sessions_by_user_ids
-- For each user, if it is the viewer, its living sessions, the one used last first.
-- Revoked ones are not in the index. Those that are over, until they are purged, are hidden rows like any others.
-- keyset
SELECT
    s.id,
    s.user_agent,
    s.address,
    s.created_at,
    s.last_used_at,
    s.expires_at,
    o.owner_id,
    s.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.id,
        candidate.user_agent,
        host(candidate.ip_address) AS address,
        candidate.created_at,
        candidate.last_used_at,
        candidate.expires_at,
        candidate.nth = %(reach)s::integer AS is_stop
    FROM (
        SELECT
            found.id,
            found.user_agent,
            found.ip_address,
            found.created_at,
            found.last_used_at,
            found.expires_at,
            row_number() OVER (ORDER BY found.last_used_at DESC, found.id DESC) AS nth
        FROM app.sessions AS found
        WHERE
            found.user_id = o.owner_id
            AND found.user_id = %(viewer)s
            AND found.revoked_at IS NULL
            AND (found.last_used_at, found.id) < (%(after_last_used_at)s::timestamptz, %(after_id)s::bigint)
            AND (found.last_used_at, found.id) > (%(before_last_used_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY found.last_used_at DESC, found.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    WHERE candidate.expires_at > now() OR candidate.nth = %(reach)s::integer
    ORDER BY candidate.last_used_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS s;

-- name: sessions_by_ids
-- The living sessions of the viewer among these ids, in no order.
SELECT
    s.id,
    s.user_agent,
    host(s.ip_address) AS address,
    s.created_at,
    s.last_used_at,
    s.expires_at,
    s.user_id AS owner_id
FROM app.sessions AS s
WHERE s.id = any(%(ids)s::bigint[]) AND s.user_id = %(viewer)s AND s.revoked_at IS NULL AND s.expires_at > now();

-- name: extend_session
-- A session that is used lives on.
UPDATE app.sessions
SET
    last_used_at = now(),
    expires_at = now() + %(lifetime)s::interval
WHERE id = %(session_id)s AND revoked_at IS NULL;

-- name: revoke_session
-- End a living session of the viewer; its id.
UPDATE app.sessions
SET revoked_at = now()
WHERE id = %(session_id)s AND user_id = %(viewer)s AND revoked_at IS NULL AND expires_at > now()
RETURNING id;

-- name: revoke_other_sessions
-- End all living sessions of a user but one, or with NULL for it all of them; their ids.
UPDATE app.sessions
SET revoked_at = now()
WHERE
    user_id = %(user_id)s
    AND id IS DISTINCT FROM %(session_id)s::bigint
    AND revoked_at IS NULL
    AND expires_at > now()
RETURNING id;

-- name: end_surplus_sessions
-- End the living sessions of a user beyond so many, those used longest ago first; their ids.
UPDATE app.sessions
SET revoked_at = now()
WHERE
    id IN (
        SELECT s.id
        FROM app.sessions AS s
        WHERE s.user_id = %(user_id)s AND s.revoked_at IS NULL
        ORDER BY s.last_used_at DESC, s.id DESC
        OFFSET %(most)s::integer
    )
    AND revoked_at IS NULL
RETURNING id;
