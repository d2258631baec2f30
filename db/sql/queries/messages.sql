-- name: edit_message
-- Change a message that the viewer sent within the last day and has not deleted, in a conversation that the viewer is
-- in; its id, and whether it is another text: the same again is no change.
UPDATE public.messages
SET
    content = %(content)s,
    edited_at = CASE WHEN messages.content = %(content)s THEN messages.edited_at ELSE now() END
WHERE
    messages.sender_id = %(viewer)s
    AND messages.deleted_at IS NULL
    AND messages.created_at > now() - interval '1 day'
    AND messages.id IN (
        SELECT g.id FROM app.visible_messages(%(viewer)s) AS g
        WHERE g.id = %(id)s
    )
RETURNING messages.id, messages.conversation_id, messages.edited_at IS NOT DISTINCT FROM now() AS is_changed;

-- name: delete_message
-- Delete a message that the viewer sent, in a conversation that the viewer is in; one that is deleted is left as it is.
UPDATE public.messages
SET deleted_at = coalesce(messages.deleted_at, now())
WHERE
    messages.sender_id = %(viewer)s
    AND messages.id IN (
        SELECT g.id FROM app.visible_messages(%(viewer)s) AS g
        WHERE g.id = %(id)s
    )
RETURNING messages.id;
