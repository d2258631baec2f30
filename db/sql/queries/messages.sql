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

-- name: reply_to_message
-- Note that a message replies to another one of its conversation, which the viewer sees and which is not deleted.
INSERT INTO app.message_replies (message_id, reply_to_id)
SELECT
    %(message_id)s,
    g.id
FROM app.visible_messages(%(viewer)s) AS g
WHERE
    g.id = %(reply_to_id)s
    AND g.conversation_id = %(conversation_id)s
    AND g.deleted_at IS NULL;

-- name: replies_by_message_ids
-- What those of these messages reply to that are replies, in no order. Whether it is seen is for its own look-up to
-- say.
SELECT
    r.message_id,
    r.reply_to_id
FROM app.message_replies AS r
WHERE r.message_id = any(%(ids)s::bigint[]);
