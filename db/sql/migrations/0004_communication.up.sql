-- Conversations, notifications and paid plans.

CREATE TYPE notification_type AS ENUM (
    'follow', 'like', 'comment', 'repost', 'mention', 'message', 'friend_request', 'system'
);
CREATE TYPE subscription_status AS ENUM ('active', 'canceled', 'expired', 'suspended');

CREATE TABLE conversations (
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    -- All who ever joined, sorted and distinct (a trigger sees to it); app.conversation_members says who is in.
    participant_ids bigint[] NOT NULL,
    title text,
    last_message_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT conversations_pkey PRIMARY KEY (id),
    CONSTRAINT conversations_kind CHECK (kind IN ('direct', 'group')),
    CONSTRAINT conversations_participants_shape CHECK (
        cardinality(participant_ids) >= 2 AND array_position(participant_ids, NULL) IS NULL
    ),
    -- Spelled out for pairs: with one order only, the unique index below sees the same pair as equal.
    CONSTRAINT conversations_direct_pair_ordered CHECK (
        kind <> 'direct' OR (cardinality(participant_ids) = 2 AND participant_ids[1] < participant_ids[2])
    ),
    CONSTRAINT conversations_title_for_groups CHECK (
        title IS NULL OR (kind = 'group' AND char_length(title) BETWEEN 1 AND 100)
    )
);

CREATE UNIQUE INDEX conversations_direct_pair_key ON conversations (participant_ids) WHERE kind = 'direct';
CREATE INDEX idx_conversations_participants_gin ON conversations USING gin (participant_ids);

CREATE TABLE messages (
    id bigint GENERATED ALWAYS AS IDENTITY,
    conversation_id bigint NOT NULL,
    -- NULL: the account is gone.
    sender_id bigint,
    content text NOT NULL,
    edited_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT messages_pkey PRIMARY KEY (id),
    CONSTRAINT messages_conversation_id_fkey
    FOREIGN KEY (conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
    CONSTRAINT messages_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT messages_content_length CHECK (char_length(content) BETWEEN 1 AND 5000)
);

CREATE INDEX idx_messages_conversation_created ON messages (conversation_id, created_at DESC, id DESC);
-- Counts what lies above a reader's watermark without touching the table.
CREATE INDEX idx_messages_conversation_unread ON messages (conversation_id, id) INCLUDE (sender_id)
WHERE deleted_at IS NULL;
CREATE INDEX idx_messages_sender ON messages (sender_id) WHERE sender_id IS NOT NULL;

CREATE TABLE notifications (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    type notification_type NOT NULL,
    actor_id bigint,
    post_id bigint,
    comment_id bigint,
    conversation_id bigint,
    title text NOT NULL,
    content text,
    action_url text,
    is_read boolean NOT NULL DEFAULT FALSE,
    read_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT notifications_pkey PRIMARY KEY (id),
    CONSTRAINT notifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT notifications_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT notifications_post_id_fkey FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
    CONSTRAINT notifications_comment_id_fkey FOREIGN KEY (comment_id) REFERENCES comments (id) ON DELETE CASCADE,
    CONSTRAINT notifications_conversation_id_fkey
    FOREIGN KEY (conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
    CONSTRAINT notifications_not_about_oneself CHECK (actor_id <> user_id),
    CONSTRAINT notifications_title_length CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT notifications_content_length CHECK (char_length(content) <= 1000),
    CONSTRAINT notifications_read_at_matches_is_read CHECK (is_read = (read_at IS NOT NULL))
);

CREATE INDEX idx_notifications_user_unread ON notifications (user_id, created_at DESC) WHERE NOT is_read;
CREATE INDEX idx_notifications_user_created ON notifications (user_id, created_at DESC, id DESC);
-- Liking, unliking and liking again tells the author once.
CREATE UNIQUE INDEX notifications_post_once_key ON notifications (user_id, actor_id, post_id, type)
WHERE type IN ('like', 'repost');
CREATE UNIQUE INDEX notifications_person_once_key ON notifications (user_id, actor_id, type)
WHERE type IN ('follow', 'friend_request');
CREATE INDEX idx_notifications_actor ON notifications (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX idx_notifications_post ON notifications (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX idx_notifications_comment ON notifications (comment_id) WHERE comment_id IS NOT NULL;
CREATE INDEX idx_notifications_conversation ON notifications (conversation_id) WHERE conversation_id IS NOT NULL;

CREATE TABLE user_subscriptions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    tier_id bigint NOT NULL,
    status subscription_status NOT NULL DEFAULT 'active',
    provider_customer_id text,
    provider_subscription_id text,
    current_period_start timestamptz NOT NULL DEFAULT now(),
    current_period_end timestamptz NOT NULL,
    canceled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_subscriptions_pkey PRIMARY KEY (id),
    CONSTRAINT user_subscriptions_provider_subscription_id_key UNIQUE (provider_subscription_id),
    CONSTRAINT user_subscriptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_subscriptions_tier_id_fkey
    FOREIGN KEY (tier_id) REFERENCES subscription_tiers (id) ON DELETE RESTRICT,
    CONSTRAINT user_subscriptions_period_order CHECK (current_period_end > current_period_start),
    CONSTRAINT user_subscriptions_canceled_at_required CHECK (status <> 'canceled' OR canceled_at IS NOT NULL)
);

CREATE UNIQUE INDEX user_subscriptions_one_active_key ON user_subscriptions (user_id) WHERE status = 'active';
CREATE INDEX idx_user_subscriptions_user_created ON user_subscriptions (user_id, created_at DESC, id DESC);
CREATE INDEX idx_user_subscriptions_tier ON user_subscriptions (tier_id);

-- What each member sees of a conversation, which the array of participants cannot hold; written together with it.
CREATE TABLE app.conversation_members (
    conversation_id bigint NOT NULL,
    user_id bigint NOT NULL,
    -- Joining counts as news, so that an empty conversation has its place in the inbox, too.
    last_message_at timestamptz NOT NULL DEFAULT now(),
    -- Watermarks, not references: they must hold when the message itself goes.
    last_read_message_id bigint NOT NULL DEFAULT 0,
    hidden_before_message_id bigint NOT NULL DEFAULT 0,
    muted boolean NOT NULL DEFAULT FALSE,
    joined_at timestamptz NOT NULL DEFAULT now(),
    left_at timestamptz,
    CONSTRAINT conversation_members_pkey PRIMARY KEY (conversation_id, user_id),
    CONSTRAINT conversation_members_conversation_id_fkey
    FOREIGN KEY (conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
    CONSTRAINT conversation_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT conversation_members_left_after_joining CHECK (left_at >= joined_at)
);

CREATE INDEX idx_conversation_members_inbox
ON app.conversation_members (user_id, last_message_at DESC, conversation_id);
