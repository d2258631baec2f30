-- Profiles that people shape and feeds that they build.

CREATE TYPE section_type AS ENUM (
    'feed', 'gallery', 'links', 'static_text', 'static_image', 'video', 'reposts', 'friends', 'followers',
    'following', 'list'
);
CREATE TYPE filter_type AS ENUM ('post_type', 'author', 'tag', 'date_range', 'engagement', 'text', 'has_media');
CREATE TYPE filter_operator AS ENUM (
    'equals', 'not_equals', 'contains', 'greater_than', 'less_than', 'in_range'
);

CREATE TABLE profile_sections (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    type section_type NOT NULL,
    title text NOT NULL,
    description text,
    config jsonb NOT NULL DEFAULT '{}',
    display_order integer NOT NULL DEFAULT 0,
    is_visible boolean NOT NULL DEFAULT TRUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT profile_sections_pkey PRIMARY KEY (id),
    CONSTRAINT profile_sections_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT profile_sections_title_length CHECK (char_length(title) BETWEEN 1 AND 100),
    CONSTRAINT profile_sections_description_length CHECK (char_length(description) <= 500),
    CONSTRAINT profile_sections_config_object CHECK (jsonb_typeof(config) = 'object'),
    CONSTRAINT profile_sections_display_order_not_negative CHECK (display_order >= 0)
);

CREATE INDEX idx_profile_sections_user_order ON profile_sections (user_id, display_order, id);

CREATE TABLE section_content (
    id bigint GENERATED ALWAYS AS IDENTITY,
    section_id bigint NOT NULL,
    content_type text NOT NULL,
    title text,
    content text,
    url text,
    display_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT section_content_pkey PRIMARY KEY (id),
    CONSTRAINT section_content_section_id_fkey
    FOREIGN KEY (section_id) REFERENCES profile_sections (id) ON DELETE CASCADE,
    CONSTRAINT section_content_type CHECK (content_type IN ('text', 'link', 'image', 'embed')),
    CONSTRAINT section_content_body_required CHECK (
        CASE content_type WHEN 'text' THEN content IS NOT NULL ELSE url IS NOT NULL END
    ),
    CONSTRAINT section_content_title_length CHECK (char_length(title) <= 200),
    CONSTRAINT section_content_content_length CHECK (char_length(content) <= 10000),
    -- The web's, or a file that the service stores itself.
    CONSTRAINT section_content_url_format CHECK (url ~* '^(https?://|/media/)' AND char_length(url) <= 2048),
    CONSTRAINT section_content_display_order_not_negative CHECK (display_order >= 0)
);

CREATE INDEX idx_section_content_section_order ON section_content (section_id, display_order, id);

CREATE TABLE custom_feeds (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    name text NOT NULL,
    description text,
    -- How the groups of feed_filters are joined, the sort and the scope; written together with them.
    algorithm_config jsonb NOT NULL DEFAULT '{}',
    is_default boolean NOT NULL DEFAULT FALSE,
    display_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT custom_feeds_pkey PRIMARY KEY (id),
    CONSTRAINT custom_feeds_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT custom_feeds_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT custom_feeds_description_length CHECK (char_length(description) <= 500),
    CONSTRAINT custom_feeds_algorithm_config_object CHECK (jsonb_typeof(algorithm_config) = 'object'),
    CONSTRAINT custom_feeds_display_order_not_negative CHECK (display_order >= 0)
);

CREATE UNIQUE INDEX custom_feeds_user_name_key ON custom_feeds (user_id, lower(name));
CREATE UNIQUE INDEX custom_feeds_user_default_key ON custom_feeds (user_id) WHERE is_default;
CREATE INDEX idx_custom_feeds_user ON custom_feeds (user_id, display_order, id);

CREATE TABLE feed_filters (
    id bigint GENERATED ALWAYS AS IDENTITY,
    feed_id bigint NOT NULL,
    type filter_type NOT NULL,
    operator filter_operator NOT NULL,
    value jsonb NOT NULL,
    group_id integer NOT NULL DEFAULT 0,
    -- The same in all rows of a group: AND is all of them, OR any, NOT none.
    logical_operator text NOT NULL DEFAULT 'AND',
    display_order integer NOT NULL DEFAULT 0,
    CONSTRAINT feed_filters_pkey PRIMARY KEY (id),
    CONSTRAINT feed_filters_position_key UNIQUE (feed_id, group_id, display_order),
    CONSTRAINT feed_filters_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES custom_feeds (id) ON DELETE CASCADE,
    CONSTRAINT feed_filters_logical_operator CHECK (logical_operator IN ('AND', 'OR', 'NOT')),
    CONSTRAINT feed_filters_group_id_not_negative CHECK (group_id >= 0),
    CONSTRAINT feed_filters_display_order_not_negative CHECK (display_order >= 0)
);

CREATE INDEX idx_feed_filters_type ON feed_filters (type);

CREATE TABLE user_lists (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    name text NOT NULL,
    description text,
    is_public boolean NOT NULL DEFAULT FALSE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_lists_pkey PRIMARY KEY (id),
    CONSTRAINT user_lists_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_lists_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT user_lists_description_length CHECK (char_length(description) <= 500)
);

CREATE UNIQUE INDEX user_lists_user_name_key ON user_lists (user_id, lower(name));
CREATE INDEX idx_user_lists_user_created ON user_lists (user_id, created_at DESC, id DESC);

CREATE TABLE list_members (
    list_id bigint NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT list_members_pkey PRIMARY KEY (list_id, user_id),
    CONSTRAINT list_members_list_id_fkey FOREIGN KEY (list_id) REFERENCES user_lists (id) ON DELETE CASCADE,
    CONSTRAINT list_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX idx_list_members_user ON list_members (user_id);
