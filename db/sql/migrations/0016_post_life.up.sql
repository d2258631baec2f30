-- What posts are written in, whom they mention, and what they were before their authors changed them.
-- A draft may lack its text until it is published. The old rule stays under another name until 0021, and the new one is
-- checked against the rows there are by 0020: under the lock of this revision that would keep everybody waiting.
-- squawk-ignore renaming-object
ALTER TABLE posts RENAME CONSTRAINT posts_content_required TO posts_content_had_text;
ALTER TABLE posts ADD CONSTRAINT posts_content_required CHECK (
    CASE type
        WHEN 'text_short' THEN char_length(content) <= 500
        WHEN 'text_long' THEN char_length(content) <= 10000
        ELSE TRUE
    END
    AND (
        type NOT IN ('text_short', 'text_long')
        OR coalesce(content, '') ~ '[^[:space:]]'
        OR status = 'draft'
        OR status_before_delete IS NOT DISTINCT FROM 'draft'
    )
) NOT VALID;

-- A BCP 47 tag; NULL where it is not known.
ALTER TABLE posts ADD COLUMN language text;
ALTER TABLE posts ADD COLUMN is_language_detected boolean NOT NULL DEFAULT FALSE;
ALTER TABLE posts ADD CONSTRAINT posts_language_shape CHECK (
    char_length(language) <= 35 AND language ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'
    AND (language IS NOT NULL OR NOT is_language_detected)
) NOT VALID;

CREATE TABLE app.post_revisions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    post_id bigint NOT NULL,
    title text,
    content text,
    tags text[] NOT NULL,
    media_ids bigint[] NOT NULL,
    -- When the next version took its place.
    replaced_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT post_revisions_pkey PRIMARY KEY (id),
    CONSTRAINT post_revisions_post_id_fkey FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE
);

CREATE INDEX idx_post_revisions_post ON app.post_revisions (post_id, replaced_at DESC, id DESC);

CREATE TABLE app.post_mentions (
    post_id bigint NOT NULL,
    user_id bigint NOT NULL,
    position smallint NOT NULL,
    CONSTRAINT post_mentions_pkey PRIMARY KEY (post_id, user_id),
    CONSTRAINT post_mentions_post_id_fkey FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
    CONSTRAINT post_mentions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX idx_post_mentions_user ON app.post_mentions (user_id);
