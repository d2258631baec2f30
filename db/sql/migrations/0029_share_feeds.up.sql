-- Who besides its owner can open a feed, and which feed it is a copy of. That is no foreign key: the original may go
-- without a write to each of its copies, of which there may be very many.
CREATE TYPE app.feed_sharing AS ENUM ('private', 'link', 'public');

ALTER TABLE custom_feeds
ADD COLUMN sharing app.feed_sharing NOT NULL DEFAULT 'private',
ADD COLUMN forked_from_id bigint;

-- What opens a feed to whoever has it: a link opens its rules, an address for readers the public posts that its owner
-- sees in it. Of a token its digest is stored.
CREATE TABLE app.feed_tokens (
    token_hash bytea NOT NULL,
    feed_id bigint NOT NULL,
    purpose text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT feed_tokens_pkey PRIMARY KEY (token_hash),
    CONSTRAINT feed_tokens_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES custom_feeds (id) ON DELETE CASCADE,
    CONSTRAINT feed_tokens_token_hash_length CHECK (octet_length(token_hash) = 32),
    CONSTRAINT feed_tokens_purpose CHECK (purpose IN ('link', 'reader'))
);

CREATE INDEX idx_feed_tokens_feed ON app.feed_tokens (feed_id, purpose);
