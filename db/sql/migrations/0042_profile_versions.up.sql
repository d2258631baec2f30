-- What a profile looked like at a time, with its sections, and the draft of what it shall look like. Only its owner
-- sees them, so they are documents of their own: nothing that reads profiles and sections has to leave them out.
CREATE TABLE app.profile_versions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    -- user_profiles.version of what was published; 0 of the draft.
    number integer NOT NULL,
    -- Of the draft: user_profiles.version of what it was begun from.
    begun_from integer,
    background_config jsonb,
    music_config jsonb,
    style_config jsonb,
    layout_config jsonb,
    sections jsonb NOT NULL,
    -- The ids in `sections`, by which they are found. They are drawn from the sequences of the published ones.
    section_ids bigint[] NOT NULL,
    content_ids bigint[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT profile_versions_pkey PRIMARY KEY (id),
    CONSTRAINT profile_versions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT profile_versions_number_key UNIQUE (user_id, number),
    CONSTRAINT profile_versions_draft_begun CHECK (number >= 0 AND (number = 0) = (begun_from IS NOT NULL)),
    CONSTRAINT profile_versions_sections_object CHECK (jsonb_typeof(sections) = 'object')
);

-- Counts the changes of what a profile looks like.
ALTER TABLE user_profiles ADD COLUMN version integer NOT NULL DEFAULT 1;
