-- name: insert_entry
-- Note what was done with an account, and from where; without one, that somebody tried.
INSERT INTO app.audit_log (user_id, action, details, ip_address)
VALUES (%(user_id)s, %(action)s, %(details)s::jsonb, %(ip_address)s::inet);
