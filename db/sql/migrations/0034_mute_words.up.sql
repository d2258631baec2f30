-- Words that keep posts out of the feeds of whoever mutes them: see db/sql/functions/mute_words.sql.
CREATE TABLE app.mute_words (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    word text NOT NULL,
    whole_word boolean NOT NULL DEFAULT TRUE,
    except_followed boolean NOT NULL DEFAULT FALSE,
    until timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT mute_words_pkey PRIMARY KEY (id),
    CONSTRAINT mute_words_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT mute_words_word_length CHECK (char_length(word) BETWEEN 1 AND 100)
);

-- Also what each feed looks up: the words of its reader.
CREATE UNIQUE INDEX mute_words_word_key ON app.mute_words (user_id, lower(word));
