-- How far an upload is: announced (reserved), being made into a file (completing), or failed. Whoever completes
-- it holds it until lease_until and writes to final_key, another one with each attempt: who has lost the lease can
-- then neither store the file nor touch that of whoever has it now. No release has written to this table yet.
-- squawk-ignore-file adding-required-field, constraint-missing-not-valid, disallowed-unique-constraint
-- squawk-ignore-file require-concurrent-index-creation
ALTER TABLE app.pending_uploads
ADD COLUMN state text NOT NULL DEFAULT 'reserved',
ADD COLUMN final_key text,
ADD COLUMN attempt smallint NOT NULL DEFAULT 0,
ADD COLUMN lease_until timestamptz,
ADD COLUMN failure text,
ADD COLUMN alt_text text,
ADD COLUMN url_expires_at timestamptz NOT NULL DEFAULT now() + interval '15 minutes',
ADD CONSTRAINT pending_uploads_final_key_key UNIQUE (final_key),
ADD CONSTRAINT pending_uploads_state CHECK (state IN ('reserved', 'completing', 'failed')),
ADD CONSTRAINT pending_uploads_lease_matches_state CHECK ((state = 'completing') = (lease_until IS NOT NULL)),
ADD CONSTRAINT pending_uploads_final_key_required CHECK (state <> 'completing' OR final_key IS NOT NULL),
ADD CONSTRAINT pending_uploads_failure_matches_state CHECK ((state = 'failed') = (failure IS NOT NULL)),
ADD CONSTRAINT pending_uploads_alt_text_length CHECK (char_length(alt_text) <= 1000);

CREATE INDEX idx_pending_uploads_lease ON app.pending_uploads (lease_until) WHERE lease_until IS NOT NULL;

-- Objects that no row needs any more, and which a job deletes: first the object, then its row here.
CREATE TABLE app.doomed_objects (
    object_key text COLLATE "C" NOT NULL,
    not_before timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT doomed_objects_pkey PRIMARY KEY (object_key)
);

CREATE INDEX idx_doomed_objects_due ON app.doomed_objects (not_before);
