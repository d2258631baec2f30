-- Who may change the title and the members of a group. A constant default is in the catalogue: no row is written.
ALTER TABLE app.conversation_members ADD COLUMN is_admin boolean NOT NULL DEFAULT FALSE;

-- Groups that everybody has left. Nobody sees them, and a job deletes them: their messages may be many.
CREATE TABLE app.ended_conversations (
    conversation_id bigint NOT NULL,
    ended_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ended_conversations_pkey PRIMARY KEY (conversation_id),
    CONSTRAINT ended_conversations_conversation_id_fkey
    FOREIGN KEY (conversation_id) REFERENCES public.conversations (id) ON DELETE CASCADE
);
