-- What people make, and how they relate to it and to each other.

CREATE TYPE post_type AS ENUM (
    'text_short', 'text_long', 'image', 'image_gallery', 'video_short', 'video_long', 'song', 'album', 'gif'
);
CREATE TYPE post_status AS ENUM ('draft', 'scheduled', 'published', 'deleted');
CREATE TYPE media_type AS ENUM ('image', 'gif', 'video', 'audio', 'document');
CREATE TYPE interaction_type AS ENUM ('like', 'bookmark', 'share');

-- Counters change far more often than anything else here: free room on each page and an early vacuum keep
-- those updates HOT, and no index holds a counter itself.
CREATE TABLE posts (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    type post_type NOT NULL,
    status post_status NOT NULL DEFAULT 'published',
    visibility visibility NOT NULL DEFAULT 'public',
    title text,
    content text,
    content_html text,
    tags text[] NOT NULL DEFAULT '{}',
    -- An ordered copy, so that a page needs no join; post_media is the truth.
    media_urls jsonb NOT NULL DEFAULT '[]',
    thumbnail_url text,
    likes_count integer NOT NULL DEFAULT 0,
    comments_count integer NOT NULL DEFAULT 0,
    reposts_count integer NOT NULL DEFAULT 0,
    views_count integer NOT NULL DEFAULT 0,
    published_at timestamptz,
    scheduled_for timestamptz,
    drafted_at timestamptz,
    edited_at timestamptz,
    -- The time the public sees: publishing sets it to published_at, and drafted_at keeps the beginning.
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    status_before_delete post_status,
    -- Coarse on purpose: it changes only when the engagement doubles, so an index on it leaves most counter
    -- updates HOT. It counts binary digits: the float logarithm of a power of two may fall just short of it,
    -- and the numeric one takes longer than the rest of a row. greatest, since a negative counter is for the CHECK to
    -- refuse, which comes after this is computed.
    engagement_bucket smallint NOT NULL GENERATED ALWAYS AS (
        length(ltrim((greatest(likes_count::bigint + comments_count + reposts_count, 0) + 1)::bit(64)::text, '0')) - 1
    ) STORED,
    CONSTRAINT posts_pkey PRIMARY KEY (id),
    CONSTRAINT posts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT posts_title_length CHECK (char_length(title) <= 200),
    -- coalesce, since a CHECK lets NULL pass.
    CONSTRAINT posts_content_required CHECK (
        CASE type
            WHEN 'text_short' THEN coalesce(content, '') ~ '[^[:space:]]' AND char_length(content) <= 500
            WHEN 'text_long' THEN coalesce(content, '') ~ '[^[:space:]]' AND char_length(content) <= 10000
            ELSE TRUE
        END
    ),
    CONSTRAINT posts_caption_length CHECK (type IN ('text_short', 'text_long') OR char_length(content) <= 10000),
    CONSTRAINT posts_tags_shape CHECK (cardinality(tags) <= 50 AND array_position(tags, NULL) IS NULL),
    CONSTRAINT posts_media_urls_shape CHECK (
        CASE jsonb_typeof(media_urls) WHEN 'array' THEN jsonb_array_length(media_urls) <= 10 ELSE FALSE END
    ),
    CONSTRAINT posts_counters_not_negative CHECK (
        likes_count >= 0 AND comments_count >= 0 AND reposts_count >= 0 AND views_count >= 0
    ),
    CONSTRAINT posts_published_at_required CHECK (status <> 'published' OR published_at IS NOT NULL),
    CONSTRAINT posts_scheduled_for_required CHECK (status <> 'scheduled' OR scheduled_for IS NOT NULL),
    CONSTRAINT posts_deleted_at_matches_status CHECK ((status = 'deleted') = (deleted_at IS NOT NULL)),
    CONSTRAINT posts_status_before_delete CHECK (
        status_before_delete IS NULL OR (status = 'deleted' AND status_before_delete <> 'deleted')
    )
) WITH (
    fillfactor = 85,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.02,
    autovacuum_vacuum_cost_delay = 0
);

-- status = 'published' says live, too: posts_deleted_at_matches_status holds the two together.
CREATE INDEX idx_posts_user_created ON posts (user_id, created_at DESC, id DESC) WHERE status = 'published';
CREATE INDEX idx_posts_created ON posts (created_at DESC, id DESC) INCLUDE (user_id) WHERE status = 'published';
CREATE INDEX idx_posts_engagement_created ON posts (engagement_bucket DESC, created_at DESC, id DESC)
WHERE status = 'published';
-- Drafts, scheduled and deleted posts of a person; and the foreign key, which a partial index cannot serve.
CREATE INDEX idx_posts_user_status_created ON posts (user_id, status, created_at DESC, id DESC);
CREATE INDEX idx_posts_scheduled ON posts (scheduled_for) WHERE status = 'scheduled';
CREATE INDEX idx_posts_deleted ON posts (deleted_at) WHERE status = 'deleted';
CREATE INDEX idx_posts_tags_gin ON posts USING gin (tags);
CREATE INDEX idx_posts_media_urls_gin ON posts USING gin (media_urls jsonb_path_ops);

CREATE TABLE post_media (
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- NULL: an upload precedes its post, and an avatar never has one.
    post_id bigint,
    user_id bigint NOT NULL,
    type media_type NOT NULL,
    file_url text NOT NULL,
    object_key text NOT NULL,
    file_size_bytes bigint NOT NULL,
    mime_type text NOT NULL,
    width integer,
    height integer,
    duration_seconds double precision,
    thumbnail_url text,
    alt_text text,
    display_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT post_media_pkey PRIMARY KEY (id),
    CONSTRAINT post_media_object_key_key UNIQUE (object_key),
    CONSTRAINT post_media_post_id_fkey FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
    CONSTRAINT post_media_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT post_media_size_positive CHECK (file_size_bytes > 0),
    CONSTRAINT post_media_dimensions_positive CHECK (width > 0 AND height > 0),
    CONSTRAINT post_media_duration_not_negative CHECK (duration_seconds >= 0),
    CONSTRAINT post_media_alt_text_length CHECK (char_length(alt_text) <= 1000),
    CONSTRAINT post_media_display_order_not_negative CHECK (display_order >= 0)
);

CREATE INDEX idx_post_media_post_order ON post_media (post_id, display_order, id);
-- With the type along, the storage of a person is recounted from the index alone.
CREATE INDEX idx_post_media_user_size ON post_media (user_id, file_size_bytes) INCLUDE (type);

-- Profiles are few when this phase arrives: the scan and its lock are short.
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
ALTER TABLE user_profiles ADD CONSTRAINT user_profiles_avatar_media_id_fkey
FOREIGN KEY (avatar_media_id) REFERENCES post_media (id) ON DELETE SET NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX idx_user_profiles_avatar ON user_profiles (avatar_media_id) WHERE avatar_media_id IS NOT NULL;

CREATE TABLE comments (
    id bigint GENERATED ALWAYS AS IDENTITY,
    post_id bigint NOT NULL,
    user_id bigint NOT NULL,
    parent_comment_id bigint,
    content text NOT NULL,
    content_html text,
    likes_count integer NOT NULL DEFAULT 0,
    -- Direct replies that are not deleted.
    replies_count integer NOT NULL DEFAULT 0,
    edited_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT comments_pkey PRIMARY KEY (id),
    -- The target of the parent's key, and in this order the index of the post's key as well.
    CONSTRAINT comments_post_id_id_key UNIQUE (post_id, id),
    CONSTRAINT comments_post_id_fkey FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
    CONSTRAINT comments_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    -- A reply is on its parent's post. It outlives the parent's author: without the parent it stands alone.
    CONSTRAINT comments_parent_on_same_post_fkey FOREIGN KEY (post_id, parent_comment_id)
    REFERENCES comments (post_id, id) ON DELETE SET NULL (parent_comment_id),
    CONSTRAINT comments_parent_is_another CHECK (parent_comment_id <> id),
    CONSTRAINT comments_content_length CHECK (char_length(content) BETWEEN 1 AND 2000),
    CONSTRAINT comments_counters_not_negative CHECK (likes_count >= 0 AND replies_count >= 0)
) WITH (fillfactor = 90);

CREATE INDEX idx_comments_post_created ON comments (post_id, created_at DESC) WHERE deleted_at IS NULL;
-- Threads show a deleted comment that has replies as a blank, which the index above leaves out.
CREATE INDEX idx_comments_post_thread ON comments (post_id, created_at DESC, id DESC)
WHERE parent_comment_id IS NULL;
CREATE INDEX idx_comments_parent_created ON comments (parent_comment_id, created_at, id)
WHERE parent_comment_id IS NOT NULL;
CREATE INDEX idx_comments_user_created ON comments (user_id, created_at DESC, id DESC);

CREATE TABLE reposts (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    post_id bigint NOT NULL,
    comment text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT reposts_pkey PRIMARY KEY (id),
    CONSTRAINT reposts_user_post_key UNIQUE (user_id, post_id),
    CONSTRAINT reposts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT reposts_post_id_fkey FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
    CONSTRAINT reposts_comment_length CHECK (char_length(comment) BETWEEN 1 AND 500)
);

CREATE INDEX idx_reposts_user_created ON reposts (user_id, created_at DESC, id DESC);
CREATE INDEX idx_reposts_post_created ON reposts (post_id, created_at DESC, id DESC);

CREATE TABLE post_interactions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    post_id bigint NOT NULL,
    type interaction_type NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT post_interactions_pkey PRIMARY KEY (id),
    CONSTRAINT idx_post_interactions_user_post UNIQUE (user_id, post_id, type),
    CONSTRAINT post_interactions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT post_interactions_post_id_fkey FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE
);

-- Who likes a post; what a person has bookmarked.
CREATE INDEX idx_post_interactions_post_created ON post_interactions (post_id, type, created_at DESC, id DESC);
CREATE INDEX idx_post_interactions_user_created ON post_interactions (user_id, type, created_at DESC, id DESC);

CREATE TABLE user_follows (
    follower_id bigint NOT NULL,
    following_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_follows_pkey PRIMARY KEY (follower_id, following_id),
    CONSTRAINT user_follows_follower_id_fkey FOREIGN KEY (follower_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_follows_following_id_fkey FOREIGN KEY (following_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_follows_not_self CHECK (follower_id <> following_id)
);

CREATE INDEX idx_user_follows_follower ON user_follows (follower_id, created_at DESC) INCLUDE (following_id);
CREATE INDEX idx_user_follows_following ON user_follows (following_id, created_at DESC) INCLUDE (follower_id);

-- Two people who follow each other. Kept by the triggers on user_follows; nothing else writes here.
CREATE TABLE friendships (
    user_id_1 bigint NOT NULL,
    user_id_2 bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT friendships_pkey PRIMARY KEY (user_id_1, user_id_2),
    CONSTRAINT friendships_user_id_1_fkey FOREIGN KEY (user_id_1) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT friendships_user_id_2_fkey FOREIGN KEY (user_id_2) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT friendships_ordered_pair CHECK (user_id_1 < user_id_2)
);

CREATE INDEX idx_friendships_user1 ON friendships (user_id_1, created_at DESC);
CREATE INDEX idx_friendships_user2 ON friendships (user_id_2, created_at DESC);

CREATE TABLE app.user_blocks (
    blocker_id bigint NOT NULL,
    blocked_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_blocks_pkey PRIMARY KEY (blocker_id, blocked_id),
    CONSTRAINT user_blocks_blocker_id_fkey FOREIGN KEY (blocker_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_blocks_blocked_id_fkey FOREIGN KEY (blocked_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_blocks_not_self CHECK (blocker_id <> blocked_id)
);

CREATE INDEX idx_user_blocks_blocked ON app.user_blocks (blocked_id, blocker_id);

CREATE TABLE app.user_mutes (
    muter_id bigint NOT NULL,
    muted_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_mutes_pkey PRIMARY KEY (muter_id, muted_id),
    CONSTRAINT user_mutes_muter_id_fkey FOREIGN KEY (muter_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_mutes_muted_id_fkey FOREIGN KEY (muted_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_mutes_not_self CHECK (muter_id <> muted_id)
);

CREATE INDEX idx_user_mutes_muted ON app.user_mutes (muted_id);

-- Bytes promised to an upload that has begun; they count against the quota until it completes or expires.
CREATE TABLE app.pending_uploads (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    type media_type NOT NULL,
    object_key text NOT NULL,
    mime_type text NOT NULL,
    file_size_bytes bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT pending_uploads_pkey PRIMARY KEY (id),
    CONSTRAINT pending_uploads_object_key_key UNIQUE (object_key),
    CONSTRAINT pending_uploads_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT pending_uploads_size_positive CHECK (file_size_bytes > 0),
    CONSTRAINT pending_uploads_expire_after_creation CHECK (expires_at > created_at)
);

CREATE INDEX idx_pending_uploads_user ON app.pending_uploads (user_id) INCLUDE (file_size_bytes);
CREATE INDEX idx_pending_uploads_expires ON app.pending_uploads (expires_at);
