-- What last_message_at was when the member took the conversation out of the inbox: it stays out until that changes.
-- Earlier releases, which know nothing of it, bring it back by a message as well.
ALTER TABLE app.conversation_members ADD COLUMN hidden_at timestamptz;

-- Which message another one replies to. That one has no foreign key: it may have any number of replies, for all of
-- which its deletion would have to look; a reply to nothing is shown as none.
CREATE TABLE app.message_replies (
    message_id bigint NOT NULL,
    reply_to_id bigint NOT NULL,
    CONSTRAINT message_replies_pkey PRIMARY KEY (message_id),
    CONSTRAINT message_replies_message_id_fkey
    FOREIGN KEY (message_id) REFERENCES public.messages (id) ON DELETE CASCADE
);
