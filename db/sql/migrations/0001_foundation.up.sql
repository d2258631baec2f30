-- Accounts, profiles, plans and storage, with the support tables that an account needs.

CREATE TYPE user_status AS ENUM ('active', 'suspended', 'deleted');
-- Ordered from open to closed: greatest() of two visibilities is the stricter one.
CREATE TYPE visibility AS ENUM ('public', 'followers', 'private');
CREATE TYPE app.message_audience AS ENUM ('everyone', 'followers', 'friends', 'nobody');

CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- Usernames are ASCII; with "C" lower() folds them alike under every locale, a Turkish one included.
    username text COLLATE "C" NOT NULL,
    email text NOT NULL,
    email_verified boolean NOT NULL DEFAULT FALSE,
    password_hash text NOT NULL,
    status user_status NOT NULL DEFAULT 'active',
    -- Cancelling a deletion must not lift a suspension, so the status before it is kept.
    status_before_delete user_status,
    last_login_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_username_format CHECK (username ~ '^[A-Za-z0-9_]{3,30}$'),
    CONSTRAINT users_email_format CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND char_length(email) <= 254),
    CONSTRAINT users_deleted_at_matches_status CHECK ((status = 'deleted') = (deleted_at IS NOT NULL)),
    CONSTRAINT users_status_before_delete CHECK (
        status_before_delete IS NULL OR (status = 'deleted' AND status_before_delete <> 'deleted')
    )
);

-- Unique indexes on the folded value: their names are what a violation reports as its constraint.
CREATE UNIQUE INDEX users_username_key ON users (lower(username));
CREATE UNIQUE INDEX users_email_key ON users (lower(email));
-- Nearly everybody is active: only the others are worth finding by status.
CREATE INDEX idx_users_status ON users (status) WHERE status <> 'active';

CREATE TABLE user_profiles (
    user_id bigint NOT NULL,
    display_name text,
    bio text,
    age smallint,
    location text,
    website text,
    visibility visibility NOT NULL DEFAULT 'public',
    avatar_media_id bigint,
    -- NULL: not set. Each has one model in db/documents, which knows its keys; here only the shape is held.
    background_config jsonb,
    music_config jsonb,
    style_config jsonb,
    layout_config jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_profiles_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_profiles_display_name_length CHECK (char_length(display_name) BETWEEN 1 AND 100),
    CONSTRAINT user_profiles_bio_length CHECK (char_length(bio) <= 500),
    CONSTRAINT user_profiles_age_range CHECK (age BETWEEN 13 AND 120),
    CONSTRAINT user_profiles_location_length CHECK (char_length(location) <= 100),
    CONSTRAINT user_profiles_website_format CHECK (website ~* '^https?://' AND char_length(website) <= 2048),
    CONSTRAINT user_profiles_background_config_object CHECK (jsonb_typeof(background_config) = 'object'),
    CONSTRAINT user_profiles_music_config_object CHECK (jsonb_typeof(music_config) = 'object'),
    CONSTRAINT user_profiles_style_config_object CHECK (jsonb_typeof(style_config) = 'object'),
    CONSTRAINT user_profiles_layout_config_object CHECK (jsonb_typeof(layout_config) = 'object')
);

CREATE INDEX idx_user_profiles_style_config_gin ON user_profiles USING gin (style_config jsonb_path_ops);

CREATE TABLE subscription_tiers (
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    storage_bytes bigint NOT NULL,
    price_monthly_cents integer NOT NULL,
    is_active boolean NOT NULL DEFAULT TRUE,
    CONSTRAINT subscription_tiers_pkey PRIMARY KEY (id),
    CONSTRAINT subscription_tiers_name_key UNIQUE (name),
    CONSTRAINT subscription_tiers_storage_positive CHECK (storage_bytes > 0),
    CONSTRAINT subscription_tiers_price_not_negative CHECK (price_monthly_cents >= 0)
);

INSERT INTO subscription_tiers (name, description, storage_bytes, price_monthly_cents)
VALUES
('Free', 'Room for a profile and the first posts.', 52428800, 0),
('Basic', 'For people who post pictures often.', 1073741824, 499),
('Pro', 'For music, galleries and longer videos.', 5368709120, 999),
('Premium', 'For those who keep everything here.', 10737418240, 1499);

CREATE TABLE storage_usage (
    user_id bigint NOT NULL,
    -- May exceed the quota: after a downgrade people keep what they have.
    used_bytes bigint NOT NULL DEFAULT 0,
    quota_bytes bigint NOT NULL DEFAULT 52428800,
    images_bytes bigint NOT NULL DEFAULT 0,
    videos_bytes bigint NOT NULL DEFAULT 0,
    audio_bytes bigint NOT NULL DEFAULT 0,
    other_bytes bigint NOT NULL DEFAULT 0,
    last_calculated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT storage_usage_pkey PRIMARY KEY (user_id),
    CONSTRAINT storage_usage_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT storage_usage_used_not_negative CHECK (used_bytes >= 0),
    CONSTRAINT storage_usage_quota_positive CHECK (quota_bytes > 0),
    CONSTRAINT storage_usage_buckets_not_negative CHECK (
        images_bytes >= 0 AND videos_bytes >= 0 AND audio_bytes >= 0 AND other_bytes >= 0
    )
);

CREATE TABLE app.user_settings (
    user_id bigint NOT NULL,
    allow_messages_from app.message_audience NOT NULL DEFAULT 'everyone',
    show_followers boolean NOT NULL DEFAULT TRUE,
    email_follows boolean NOT NULL DEFAULT TRUE,
    email_likes boolean NOT NULL DEFAULT FALSE,
    email_comments boolean NOT NULL DEFAULT TRUE,
    email_reposts boolean NOT NULL DEFAULT FALSE,
    email_mentions boolean NOT NULL DEFAULT TRUE,
    email_messages boolean NOT NULL DEFAULT TRUE,
    email_friend_requests boolean NOT NULL DEFAULT TRUE,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_settings_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_settings_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE app.sessions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    -- SHA-256 of the token: a copy of this table lets nobody in.
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    user_agent text,
    ip_address inet,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_token_hash_key UNIQUE (token_hash),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_token_hash_length CHECK (octet_length(token_hash) = 32),
    CONSTRAINT sessions_expire_after_creation CHECK (expires_at > created_at)
);

CREATE INDEX idx_sessions_user_last_used ON app.sessions (user_id, last_used_at DESC, id DESC);
CREATE INDEX idx_sessions_expires ON app.sessions (expires_at);

CREATE TABLE app.verification_tokens (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    purpose text NOT NULL,
    token_hash bytea NOT NULL,
    -- The address that the token proves: it may have been changed again since.
    email text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT verification_tokens_pkey PRIMARY KEY (id),
    CONSTRAINT verification_tokens_token_hash_key UNIQUE (token_hash),
    CONSTRAINT verification_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT verification_tokens_purpose CHECK (purpose IN ('email_verification', 'password_reset')),
    CONSTRAINT verification_tokens_token_hash_length CHECK (octet_length(token_hash) = 32),
    CONSTRAINT verification_tokens_expire_after_creation CHECK (expires_at > created_at)
);

CREATE INDEX idx_verification_tokens_user ON app.verification_tokens (user_id, purpose);
CREATE INDEX idx_verification_tokens_expires ON app.verification_tokens (expires_at);

CREATE TABLE app.audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- The trail outlives the account.
    user_id bigint,
    action text NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    ip_address inet,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT audit_log_pkey PRIMARY KEY (id),
    CONSTRAINT audit_log_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT audit_log_action_length CHECK (char_length(action) BETWEEN 1 AND 100),
    CONSTRAINT audit_log_details_object CHECK (jsonb_typeof(details) = 'object')
);

CREATE INDEX idx_audit_log_user_created ON app.audit_log (user_id, created_at DESC, id DESC);

-- Which state of db/sql/triggers and db/sql/functions this database runs: one row at head, none below it.
CREATE TABLE app.replaceable_sql (
    only_row boolean NOT NULL DEFAULT TRUE,
    digest text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT replaceable_sql_pkey PRIMARY KEY (only_row),
    CONSTRAINT replaceable_sql_only_row CHECK (only_row)
);
