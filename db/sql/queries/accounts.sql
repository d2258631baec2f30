-- name: insert_account
-- A new account with all that belongs to it; its id. What the whole of it needs is there, or nothing is.
WITH made AS (
    INSERT INTO public.users (username, email, password_hash)
    VALUES (%(username)s, %(email)s, %(password_hash)s)
    RETURNING id
),

profile AS (
    INSERT INTO public.user_profiles (user_id, display_name)
    SELECT
        made.id,
        %(display_name)s
    FROM made
),

storage AS (
    INSERT INTO public.storage_usage (user_id)
    SELECT made.id FROM made
),

settings AS (
    INSERT INTO app.user_settings (user_id)
    SELECT made.id FROM made
),

sections AS (
    INSERT INTO public.profile_sections (user_id, type, title, display_order)
    SELECT
        made.id,
        given.type,
        given.title,
        given.display_order
    FROM made
    CROSS JOIN (
        VALUES
        ('static_text'::public.section_type, 'About me', 0),
        ('gallery', 'Pictures', 1),
        ('friends', 'Friends', 2)
    ) AS given (type, title, display_order)
)

SELECT made.id FROM made;

-- name: credentials_by_login
-- Who signs in under this user name or e-mail address, folded, with the hash of the password; a deleted account only
-- within its grace.
SELECT
    u.id,
    u.username,
    u.email,
    u.password_hash
FROM public.users AS u
WHERE
    (lower(u.username) = %(login)s OR lower(u.email COLLATE "C") = %(login)s) -- noqa: RF03
    AND (u.status <> 'deleted' OR u.deleted_at > now() - %(grace)s::interval);

-- name: credentials_by_id
-- The credentials of an account.
SELECT
    u.id,
    u.username,
    u.email,
    u.password_hash
FROM public.users AS u
WHERE u.id = %(user_id)s;

-- name: lock_credentials
-- The credentials of an account, which nobody else changes until this transaction ends. Whoever issues, uses or voids
-- the tokens of an account takes this lock first, so that no token is issued beside the change that voids them all.
SELECT
    u.id,
    u.username,
    u.email,
    u.password_hash
FROM public.users AS u
WHERE u.id = %(user_id)s
FOR NO KEY UPDATE OF u;

-- name: account_by_email
-- Whose this e-mail address is, folded, if anybody's; a deleted account only within its grace.
SELECT
    u.id,
    u.username,
    u.email,
    u.email_verified
FROM public.users AS u
WHERE
    lower(u.email COLLATE "C") = %(email)s -- noqa: RF03
    AND (u.status <> 'deleted' OR u.deleted_at > now() - %(grace)s::interval);

-- name: note_login
-- Remember when a user last signed in, if the password is still the one that was checked; the user's id. Whoever
-- changes the password waits for this transaction or is waited for: no session begins that the change does not end.
UPDATE public.users
SET last_login_at = now()
WHERE id = %(user_id)s AND password_hash = %(password_hash)s
RETURNING id;

-- name: set_password
-- Store another hash.
UPDATE public.users
SET password_hash = %(password_hash)s
WHERE id = %(user_id)s;

-- name: replace_password
-- Store another hash in place of the one that was checked, unless it has been replaced meanwhile; the user's id.
UPDATE public.users
SET password_hash = %(password_hash)s
WHERE id = %(user_id)s AND password_hash = %(old_hash)s
RETURNING id;

-- name: set_verified_email
-- Store an address that is known to be the user's.
UPDATE public.users
SET
    email = %(email)s,
    email_verified = TRUE
WHERE id = %(user_id)s;

-- name: set_username
-- Store another user name.
UPDATE public.users
SET username = %(username)s
WHERE id = %(user_id)s;

-- name: delete_account
-- Mark an account as deleted; when it was.
UPDATE public.users
SET status = 'deleted'
WHERE id = %(user_id)s AND status <> 'deleted'
RETURNING deleted_at;

-- name: cancel_account_deletion
-- Give an account the status back that it had, within its grace and before it is being purged; which status that is.
UPDATE public.users
SET status = status_before_delete
WHERE
    id = %(user_id)s
    AND status = 'deleted'
    AND status_before_delete IS NOT NULL
    AND deleted_at > now() - %(grace)s::interval
RETURNING status;

-- name: account_by_username
-- The account of this name, folded, whatever its status.
SELECT
    u.id,
    u.username,
    u.status
FROM public.users AS u
WHERE lower(u.username) = %(username)s;

-- name: set_status
-- Suspend an account, or end its suspension; its id, none where it has the status already or is deleted.
UPDATE public.users
SET status = %(status)s
WHERE id = %(user_id)s AND status <> %(status)s AND status <> 'deleted'
RETURNING id;

-- name: account_settings_by_user_ids
-- For each user, if it is the viewer, of what it is told by mail.
SELECT
    o.user_id,
    coalesce(s.email_follows, TRUE) AS email_follows,
    coalesce(s.email_likes, FALSE) AS email_likes,
    coalesce(s.email_comments, TRUE) AS email_comments,
    coalesce(s.email_reposts, FALSE) AS email_reposts,
    coalesce(s.email_mentions, TRUE) AS email_mentions,
    coalesce(s.email_messages, TRUE) AS email_messages,
    coalesce(s.email_friend_requests, TRUE) AS email_friend_requests
FROM unnest(%(ids)s::bigint[]) AS o (user_id)
LEFT JOIN app.user_settings AS s ON o.user_id = s.user_id
WHERE o.user_id = %(viewer)s;

-- name: pending_by_user_ids
-- For each user, if it is the viewer, the other address that waits to be confirmed, and when the account will be
-- deleted for good.
SELECT
    u.id AS user_id,
    latest.email AS pending_email,
    CASE WHEN u.status = 'deleted' AND isfinite(u.deleted_at) THEN u.deleted_at + %(grace)s::interval END AS deletes_at
FROM unnest(%(ids)s::bigint[]) AS o (user_id)
INNER JOIN public.users AS u ON o.user_id = u.id
LEFT JOIN LATERAL (
    SELECT t.email
    FROM app.verification_tokens AS t
    WHERE
        t.user_id = u.id
        AND t.purpose = 'email_verification'
        AND t.email <> u.email
        AND t.used_at IS NULL
        AND t.expires_at > now()
    ORDER BY t.id DESC
    LIMIT 1
) AS latest ON TRUE
WHERE u.id = %(viewer)s;

-- name: update_account_settings
-- Change of what a user is told by mail; what is NULL stays. How many rows were touched.
INSERT INTO app.user_settings AS s (
    user_id,
    email_follows,
    email_likes,
    email_comments,
    email_reposts,
    email_mentions,
    email_messages,
    email_friend_requests
)
VALUES (
    %(user_id)s,
    coalesce(%(email_follows)s::boolean, TRUE),
    coalesce(%(email_likes)s::boolean, FALSE),
    coalesce(%(email_comments)s::boolean, TRUE),
    coalesce(%(email_reposts)s::boolean, FALSE),
    coalesce(%(email_mentions)s::boolean, TRUE),
    coalesce(%(email_messages)s::boolean, TRUE),
    coalesce(%(email_friend_requests)s::boolean, TRUE)
)
ON CONFLICT (user_id) DO UPDATE
    SET
        email_follows = coalesce(%(email_follows)s::boolean, s.email_follows),
        email_likes = coalesce(%(email_likes)s::boolean, s.email_likes),
        email_comments = coalesce(%(email_comments)s::boolean, s.email_comments),
        email_reposts = coalesce(%(email_reposts)s::boolean, s.email_reposts),
        email_mentions = coalesce(%(email_mentions)s::boolean, s.email_mentions),
        email_messages = coalesce(%(email_messages)s::boolean, s.email_messages),
        email_friend_requests = coalesce(%(email_friend_requests)s::boolean, s.email_friend_requests);

-- name: username_exists
-- One row if somebody has this username, folded, be it a deleted account.
SELECT u.id
FROM public.users AS u
WHERE lower(u.username) = %(username)s;
