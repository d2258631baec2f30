--
-- PostgreSQL database dump
--

\restrict vrss


SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: app; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA app;


--
-- Name: jobs; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA jobs;


--
-- Name: public; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA public;


--
-- Name: SCHEMA public; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA public IS 'standard public schema';


--
-- Name: btree_gin; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;


--
-- Name: EXTENSION btree_gin; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION btree_gin IS 'support for indexing common datatypes in GIN';


--
-- Name: pg_trgm; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;


--
-- Name: EXTENSION pg_trgm; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';


--
-- Name: feed_sharing; Type: TYPE; Schema: app; Owner: -
--

CREATE TYPE app.feed_sharing AS ENUM (
    'private',
    'link',
    'public'
);


--
-- Name: message_audience; Type: TYPE; Schema: app; Owner: -
--

CREATE TYPE app.message_audience AS ENUM (
    'everyone',
    'followers',
    'friends',
    'nobody'
);


--
-- Name: procrastinate_job_event_type; Type: TYPE; Schema: jobs; Owner: -
--

CREATE TYPE jobs.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);


--
-- Name: procrastinate_job_status; Type: TYPE; Schema: jobs; Owner: -
--

CREATE TYPE jobs.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);


--
-- Name: procrastinate_job_to_defer_v1; Type: TYPE; Schema: jobs; Owner: -
--

CREATE TYPE jobs.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);


--
-- Name: filter_operator; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.filter_operator AS ENUM (
    'equals',
    'not_equals',
    'contains',
    'greater_than',
    'less_than',
    'in_range'
);


--
-- Name: filter_type; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.filter_type AS ENUM (
    'post_type',
    'author',
    'tag',
    'date_range',
    'engagement',
    'text',
    'has_media',
    'language',
    'has_link',
    'alt_text',
    'feed'
);


--
-- Name: interaction_type; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.interaction_type AS ENUM (
    'like',
    'bookmark',
    'share'
);


--
-- Name: media_type; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.media_type AS ENUM (
    'image',
    'gif',
    'video',
    'audio',
    'document'
);


--
-- Name: notification_type; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.notification_type AS ENUM (
    'follow',
    'like',
    'comment',
    'repost',
    'mention',
    'message',
    'friend_request',
    'system'
);


--
-- Name: post_status; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.post_status AS ENUM (
    'draft',
    'scheduled',
    'published',
    'deleted'
);


--
-- Name: post_type; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.post_type AS ENUM (
    'text_short',
    'text_long',
    'image',
    'image_gallery',
    'video_short',
    'video_long',
    'song',
    'album',
    'gif'
);


--
-- Name: section_type; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.section_type AS ENUM (
    'feed',
    'gallery',
    'links',
    'static_text',
    'static_image',
    'video',
    'reposts',
    'friends',
    'followers',
    'following',
    'list'
);


--
-- Name: subscription_status; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.subscription_status AS ENUM (
    'active',
    'canceled',
    'expired',
    'suspended'
);


--
-- Name: user_status; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.user_status AS ENUM (
    'active',
    'suspended',
    'deleted'
);


--
-- Name: visibility; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.visibility AS ENUM (
    'public',
    'followers',
    'private'
);


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: mute_words; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.mute_words (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    word text NOT NULL,
    whole_word boolean DEFAULT true NOT NULL,
    except_followed boolean DEFAULT false NOT NULL,
    until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT mute_words_word_length CHECK (((char_length(word) >= 1) AND (char_length(word) <= 100)))
);


--
-- Name: active_mute_words(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.active_mute_words(viewer bigint) RETURNS SETOF app.mute_words
    LANGUAGE sql STABLE
    AS $$
SELECT word.*
FROM app.mute_words AS word
WHERE word.user_id = viewer AND (word.until IS NULL OR word.until > now())
$$;


--
-- Name: user_blocks; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.user_blocks (
    blocker_id bigint NOT NULL,
    blocked_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_blocks_not_self CHECK ((blocker_id <> blocked_id))
);


--
-- Name: blocks_between(bigint, bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.blocks_between(one bigint, other bigint) RETURNS SETOF app.user_blocks
    LANGUAGE sql STABLE
    AS $$
SELECT b.*
FROM app.user_blocks AS b
WHERE (b.blocker_id = one AND b.blocked_id = other)
    OR (b.blocker_id = other AND b.blocked_id = one)
$$;


--
-- Name: create_friendship_on_mutual_follow(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.create_friendship_on_mutual_follow() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
    lock_space constant integer := 1718186094;
    buckets constant integer := 1024;
BEGIN
    PERFORM pg_advisory_xact_lock(lock_space, pair.bucket)
    FROM (
        SELECT DISTINCT
            ((least(follower_id, following_id) * 31 + greatest(follower_id, following_id)) % buckets)::integer AS bucket
        FROM changed
        ORDER BY bucket
    ) AS pair;

    PERFORM FROM app.user_counts
    WHERE user_id = ANY(ARRAY(SELECT follower_id FROM changed UNION SELECT following_id FROM changed))
    ORDER BY user_id
    FOR NO KEY UPDATE;

    DELETE FROM public.friendships
    USING changed
    WHERE friendships.user_id_1 = least(changed.follower_id, changed.following_id)
        AND friendships.user_id_2 = greatest(changed.follower_id, changed.following_id)
        AND NOT EXISTS (
            SELECT FROM public.user_follows AS there
            INNER JOIN public.user_follows AS back
                ON there.follower_id = back.following_id AND there.following_id = back.follower_id
            WHERE there.follower_id = changed.follower_id AND there.following_id = changed.following_id
        );

    INSERT INTO public.friendships (user_id_1, user_id_2, created_at)
    SELECT
        there.follower_id,
        there.following_id,
        greatest(there.created_at, back.created_at)
    FROM (
        SELECT DISTINCT
            least(follower_id, following_id) AS user_id_1,
            greatest(follower_id, following_id) AS user_id_2
        FROM changed
    ) AS pair
    INNER JOIN public.user_follows AS there
        ON pair.user_id_1 = there.follower_id AND pair.user_id_2 = there.following_id
    INNER JOIN public.user_follows AS back
        ON pair.user_id_1 = back.following_id AND pair.user_id_2 = back.follower_id
    ON CONFLICT (user_id_1, user_id_2) DO NOTHING;
    RETURN NULL;
END
$$;


--
-- Name: create_user_counts(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.create_user_counts() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    INSERT INTO app.user_counts (user_id) SELECT id FROM changed;
    RETURN NULL;
END
$$;


--
-- Name: doom_objects_of_media(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.doom_objects_of_media() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    INSERT INTO app.doomed_objects (object_key)
    SELECT object_key FROM changed
    WHERE object_key LIKE 'm/%'
    ON CONFLICT (object_key) DO NOTHING;
    RETURN NULL;
END
$$;


--
-- Name: doom_objects_of_uploads(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.doom_objects_of_uploads() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    -- Until then somebody may still send bytes to its address, or write to the key of an attempt that was given up.
    INSERT INTO app.doomed_objects (object_key, not_before)
    SELECT object_key, greatest(now(), url_expires_at) + interval '1 hour'
    FROM changed
    UNION ALL
    SELECT final_key, now() + interval '1 hour'
    FROM changed
    WHERE
        final_key IS NOT NULL
        AND NOT EXISTS (SELECT FROM public.post_media AS m WHERE m.object_key = changed.final_key)
    ON CONFLICT (object_key) DO NOTHING;
    RETURN NULL;
END
$$;


--
-- Name: following_feeds(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.following_feeds(viewer bigint) RETURNS TABLE(id bigint, user_id bigint, name text, description text, algorithm_config jsonb, is_default boolean, display_order integer, created_at timestamp with time zone, updated_at timestamp with time zone, rules_version integer, sharing app.feed_sharing, forked_from_id bigint)
    LANGUAGE sql STABLE
    AS $$
SELECT
    4611686018427387904 + person.id,
    person.id,
    'Following',
    NULL::text,
    '{"scope": "FOLLOWING"}'::jsonb,
    NOT EXISTS (SELECT FROM public.custom_feeds AS chosen WHERE chosen.user_id = person.id AND chosen.is_default),
    coalesce(settings.following_feed_order, 0),
    person.created_at,
    person.created_at,
    1,
    'private'::app.feed_sharing,
    NULL::bigint
FROM public.users AS person
LEFT JOIN app.user_settings AS settings ON person.id = settings.user_id
WHERE person.id = viewer
$$;


--
-- Name: index_changed_profile(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.index_changed_profile() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    PERFORM app.index_user(NEW.user_id);
    RETURN NULL;
END
$$;


--
-- Name: index_changed_user(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.index_changed_user() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    PERFORM app.index_user(NEW.id);
    RETURN NULL;
END
$$;


--
-- Name: index_post(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.index_post() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    IF NEW.status <> 'published' THEN
        DELETE FROM app.post_search WHERE post_id = NEW.id;
        RETURN NULL;
    END IF;
    INSERT INTO app.post_search (post_id, user_id, visibility, created_at, document, texts)
    VALUES (NEW.id, NEW.user_id, NEW.visibility, NEW.created_at, app.search_document(NEW), app.search_texts(NEW))
    ON CONFLICT (post_id) DO UPDATE
        SET user_id = excluded.user_id,
            visibility = excluded.visibility,
            created_at = excluded.created_at,
            document = excluded.document,
            texts = excluded.texts;
    RETURN NULL;
END
$$;


--
-- Name: index_user(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.index_user(person bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    PERFORM FROM public.users WHERE id = person FOR NO KEY UPDATE;
    DELETE FROM app.user_search
    WHERE user_id = person
        AND NOT EXISTS (SELECT FROM public.users AS u WHERE u.id = person AND u.status = 'active');
    INSERT INTO app.user_search (user_id, username, name)
    SELECT u.id, lower(u.username), app.search_name(f.display_name)
    FROM public.users AS u
    LEFT JOIN public.user_profiles AS f ON u.id = f.user_id AND f.visibility = 'public'
    WHERE u.id = person AND u.status = 'active'
    ON CONFLICT (user_id) DO UPDATE SET username = excluded.username, name = excluded.name;
END
$$;


--
-- Name: user_follows; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.user_follows (
    follower_id bigint NOT NULL,
    following_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_follows_not_self CHECK ((follower_id <> following_id))
);


--
-- Name: known_follows(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.known_follows(viewer bigint) RETURNS SETOF public.user_follows
    LANGUAGE sql STABLE
    AS $$
SELECT theirs.*
FROM app.latest_follows(viewer, 200) AS own
CROSS JOIN LATERAL app.latest_follows(own.following_id, 200) AS theirs
WHERE EXISTS (SELECT FROM app.visible_circles(viewer) AS circle WHERE circle.user_id = own.following_id OFFSET 0)
$$;


--
-- Name: latest_follows(bigint, integer); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.latest_follows(person bigint, most integer) RETURNS SETOF public.user_follows
    LANGUAGE sql STABLE
    AS $$
SELECT follow.*
FROM public.user_follows AS follow
WHERE follow.follower_id = person
ORDER BY follow.created_at DESC, follow.following_id DESC
LIMIT most
$$;


--
-- Name: lock_what_user_counts_count(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.lock_what_user_counts_count() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    LOCK TABLE public.user_follows, public.friendships, public.posts IN SHARE ROW EXCLUSIVE MODE;
END
$$;


--
-- Name: conversation_members; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.conversation_members (
    conversation_id bigint NOT NULL,
    user_id bigint NOT NULL,
    last_message_at timestamp with time zone DEFAULT now() NOT NULL,
    last_read_message_id bigint DEFAULT 0 NOT NULL,
    hidden_before_message_id bigint DEFAULT 0 NOT NULL,
    muted boolean DEFAULT false NOT NULL,
    joined_at timestamp with time zone DEFAULT now() NOT NULL,
    left_at timestamp with time zone,
    is_admin boolean DEFAULT false NOT NULL,
    hidden_at timestamp with time zone,
    CONSTRAINT conversation_members_left_after_joining CHECK ((left_at >= joined_at))
);


--
-- Name: memberships(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.memberships(viewer bigint) RETURNS SETOF app.conversation_members
    LANGUAGE sql STABLE
    AS $$
SELECT m.*
FROM app.conversation_members AS m
WHERE m.user_id = viewer AND m.left_at IS NULL
$$;


--
-- Name: mute_patterns(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.mute_patterns(viewer bigint) RETURNS TABLE(of_followed text, of_others text)
    LANGUAGE sql STABLE
    AS $$
SELECT
    nullif(concat_ws(
        '|',
        '(?<!\w)(?:' || string_agg(word.text, '|') FILTER (WHERE word.is_whole AND NOT word.spares) || ')(?!\w)',
        string_agg(word.text, '|') FILTER (WHERE NOT word.is_whole AND NOT word.spares)
    ), ''),
    nullif(concat_ws(
        '|',
        '(?<!\w)(?:' || string_agg(word.text, '|') FILTER (WHERE word.is_whole) || ')(?!\w)',
        string_agg(word.text, '|') FILTER (WHERE NOT word.is_whole)
    ), '')
FROM (
    SELECT
        regexp_replace(lower(own.word), '([^\w\s])', '\\\1', 'g') AS text,
        own.whole_word AS is_whole,
        own.except_followed AS spares
    FROM app.active_mute_words(viewer) AS own
) AS word
$$;


--
-- Name: mute_words_in(bigint, bigint, text); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.mute_words_in(viewer bigint, author bigint, texts text) RETURNS SETOF app.mute_words
    LANGUAGE sql STABLE
    AS $$
SELECT word.*
FROM app.active_mute_words(viewer) AS word
CROSS JOIN LATERAL (SELECT regexp_replace(lower(word.word), '([^\w\s])', '\\\1', 'g') AS text) AS escaped
WHERE texts ~ CASE WHEN word.whole_word THEN '(?<!\w)' || escaped.text || '(?!\w)' ELSE escaped.text END
    AND NOT (
        word.except_followed
        AND EXISTS (
            SELECT FROM public.user_follows AS f
            WHERE f.follower_id = viewer AND f.following_id = author
        )
    )
$$;


--
-- Name: comments; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.comments (
    id bigint NOT NULL,
    post_id bigint NOT NULL,
    user_id bigint NOT NULL,
    parent_comment_id bigint,
    content text NOT NULL,
    content_html text,
    likes_count integer DEFAULT 0 NOT NULL,
    replies_count integer DEFAULT 0 NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    depth integer DEFAULT 0 NOT NULL,
    CONSTRAINT comments_content_length CHECK (((char_length(content) >= 1) AND (char_length(content) <= 2000))),
    CONSTRAINT comments_counters_not_negative CHECK (((likes_count >= 0) AND (replies_count >= 0))),
    CONSTRAINT comments_parent_is_another CHECK ((parent_comment_id <> id))
)
WITH (fillfactor='90');


--
-- Name: open_comments(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.open_comments(viewer bigint) RETURNS SETOF public.comments
    LANGUAGE sql STABLE
    AS $$
SELECT c.*
FROM public.comments AS c
INNER JOIN app.visible_users(viewer) AS author ON c.user_id = author.id
WHERE (c.deleted_at IS NULL OR c.replies_count > 0)
    AND NOT EXISTS (
        SELECT FROM public.posts AS post
        CROSS JOIN LATERAL app.blocks_between(c.user_id, post.user_id) AS apart
        WHERE post.id = c.post_id OFFSET 0
    )
$$;


--
-- Name: messages; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.messages (
    id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    sender_id bigint,
    content text NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    written_in xid8 DEFAULT pg_current_xact_id(),
    CONSTRAINT messages_content_length CHECK (((char_length(content) >= 1) AND (char_length(content) <= 5000)))
);


--
-- Name: open_messages(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.open_messages(viewer bigint) RETURNS SETOF public.messages
    LANGUAGE sql STABLE
    AS $$
SELECT g.*
FROM public.messages AS g
WHERE g.sender_id IS NULL
    OR EXISTS (SELECT FROM app.visible_users(viewer) AS sender WHERE sender.id = g.sender_id OFFSET 0)
$$;


--
-- Name: posts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.posts (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    type public.post_type NOT NULL,
    status public.post_status DEFAULT 'published'::public.post_status NOT NULL,
    visibility public.visibility DEFAULT 'public'::public.visibility NOT NULL,
    title text,
    content text,
    content_html text,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    media_urls jsonb DEFAULT '[]'::jsonb NOT NULL,
    thumbnail_url text,
    likes_count integer DEFAULT 0 NOT NULL,
    comments_count integer DEFAULT 0 NOT NULL,
    reposts_count integer DEFAULT 0 NOT NULL,
    views_count integer DEFAULT 0 NOT NULL,
    published_at timestamp with time zone,
    scheduled_for timestamp with time zone,
    drafted_at timestamp with time zone,
    edited_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    status_before_delete public.post_status,
    engagement_bucket smallint GENERATED ALWAYS AS ((length(ltrim((((GREATEST((((likes_count)::bigint + comments_count) + reposts_count), (0)::bigint) + 1))::bit(64))::text, '0'::text)) - 1)) STORED NOT NULL,
    language text,
    is_language_detected boolean DEFAULT false NOT NULL,
    CONSTRAINT posts_caption_length CHECK (((type = ANY (ARRAY['text_short'::public.post_type, 'text_long'::public.post_type])) OR (char_length(content) <= 10000))),
    CONSTRAINT posts_content_required CHECK ((
CASE type
    WHEN 'text_short'::public.post_type THEN (char_length(content) <= 500)
    WHEN 'text_long'::public.post_type THEN (char_length(content) <= 10000)
    ELSE true
END AND ((type <> ALL (ARRAY['text_short'::public.post_type, 'text_long'::public.post_type])) OR (COALESCE(content, ''::text) ~ '[^[:space:]]'::text) OR (status = 'draft'::public.post_status) OR (NOT (status_before_delete IS DISTINCT FROM 'draft'::public.post_status))))),
    CONSTRAINT posts_counters_not_negative CHECK (((likes_count >= 0) AND (comments_count >= 0) AND (reposts_count >= 0) AND (views_count >= 0))),
    CONSTRAINT posts_deleted_at_matches_status CHECK (((status = 'deleted'::public.post_status) = (deleted_at IS NOT NULL))),
    CONSTRAINT posts_language_shape CHECK (((char_length(language) <= 35) AND (language ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'::text) AND ((language IS NOT NULL) OR (NOT is_language_detected)))),
    CONSTRAINT posts_media_urls_shape CHECK (
CASE jsonb_typeof(media_urls)
    WHEN 'array'::text THEN (jsonb_array_length(media_urls) <= 10)
    ELSE false
END),
    CONSTRAINT posts_published_at_required CHECK (((status <> 'published'::public.post_status) OR (published_at IS NOT NULL))),
    CONSTRAINT posts_scheduled_for_required CHECK (((status <> 'scheduled'::public.post_status) OR (scheduled_for IS NOT NULL))),
    CONSTRAINT posts_status_before_delete CHECK (((status_before_delete IS NULL) OR ((status = 'deleted'::public.post_status) AND (status_before_delete <> 'deleted'::public.post_status)))),
    CONSTRAINT posts_tags_shape CHECK (((cardinality(tags) <= 50) AND (array_position(tags, NULL::text) IS NULL))),
    CONSTRAINT posts_title_length CHECK ((char_length(title) <= 200))
)
WITH (fillfactor='85', autovacuum_vacuum_scale_factor='0.02', autovacuum_analyze_scale_factor='0.02', autovacuum_vacuum_cost_delay='0');


--
-- Name: open_posts(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.open_posts(viewer bigint) RETURNS SETOF public.posts
    LANGUAGE sql STABLE
    AS $$
SELECT p.*
FROM public.posts AS p
WHERE p.status = 'published'
    AND CASE
        WHEN p.visibility = 'public' OR p.user_id = viewer THEN TRUE
        WHEN p.visibility = 'followers' THEN EXISTS (
            SELECT FROM public.user_follows AS f
            WHERE f.follower_id = viewer AND f.following_id = p.user_id
        )
        ELSE FALSE
    END
$$;


--
-- Name: user_search; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.user_search (
    user_id bigint NOT NULL,
    username text NOT NULL COLLATE pg_catalog."C",
    name text COLLATE pg_catalog."C",
    block integer GENERATED ALWAYS AS (((user_id >> 14))::integer) STORED NOT NULL,
    names text GENERATED ALWAYS AS ((username || COALESCE((' '::text || name), ''::text))) STORED NOT NULL
);


--
-- Name: people_named_like(text, integer); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.people_named_like(name text, block integer) RETURNS SETOF app.user_search
    LANGUAGE sql STABLE
    AS $$
SELECT s.*
FROM app.user_search AS s
WHERE s.block = people_named_like.block AND s.names OPERATOR(public.%>) people_named_like.name
$$;


--
-- Name: search_document(public.posts); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.search_document(post public.posts) RETURNS tsvector
    LANGUAGE sql STABLE
    AS $$
SELECT
    setweight(to_tsvector('simple'::regconfig, app.search_words(coalesce(post.title, ''))), 'A')
    || '''end of title'':1'::tsvector
    || to_tsvector('simple'::regconfig, app.search_words(coalesce(post.content, '')))
    || array_to_tsvector(
        ARRAY[
            'week ' || floor(extract(EPOCH FROM post.created_at) / 604800),
            'month ' || (floor(extract(EPOCH FROM post.created_at) / 604800)::integer >> 2),
            'type ' || post.type,
            'author ' || post.user_id
        ]
        || CASE
            WHEN post.language IS NULL THEN '{}'
            ELSE ARRAY['language ' || lower(post.language), 'language ' || lower(split_part(post.language, '-', 1))]
        END
        || CASE WHEN post.media_urls = '[]' THEN '{}' ELSE ARRAY['has media'] END
        || ARRAY(SELECT 'tag ' || tag FROM unnest(post.tags) AS tag WHERE tag <> '')
    )
$$;


--
-- Name: search_name(text); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.search_name(name text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
SELECT lower(normalize(btrim(regexp_replace(name, '\s+', ' ', 'g')), NFKC))
$$;


--
-- Name: search_spans(timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.search_spans(low timestamp with time zone, high timestamp with time zone) RETURNS TABLE(first_week integer, mark tsquery)
    LANGUAGE sql STABLE
    AS $$
SELECT
    span.first_week,
    span.mark
FROM (
    SELECT
        floor(extract(EPOCH FROM low) / 604800)::integer AS low,
        floor(extract(EPOCH FROM high) / 604800)::integer AS high
) AS weeks
CROSS JOIN LATERAL (
    SELECT
        week.number AS first_week,
        format('''week %s''', week.number)::tsquery AS mark
    FROM generate_series(greatest(weeks.low, weeks.high >> 2 << 2), weeks.high) AS week (number)
    UNION ALL
    SELECT
        month.number << 2 AS first_week,
        format('''month %s''', month.number)::tsquery AS mark
    FROM generate_series(weeks.low >> 2, (weeks.high >> 2) - 1) AS month (number)
) AS span
$$;


--
-- Name: search_texts(public.posts); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.search_texts(post public.posts) RETURNS text
    LANGUAGE sql STABLE
    AS $$
SELECT concat_ws(E'\n', post.title, post.content, array_to_string(post.tags, E'\n'))
$$;


--
-- Name: search_words(text); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.search_words(text text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
SELECT CASE
    WHEN text ~ '[\u2E80-\u2FDF\u3005-\u3007\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF]'
        THEN regexp_replace(
            text, '([\u2E80-\u2FDF\u3005-\u3007\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF])', ' \1 ', 'g'
        )
    ELSE text
END
$$;


--
-- Name: sort_participants(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.sort_participants() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    NEW.participant_ids := ARRAY(
        SELECT DISTINCT participant_id
        FROM unnest(NEW.participant_ids) AS participant_id
        ORDER BY participant_id
    );
    RETURN NEW;
END
$$;


--
-- Name: stamp_comment_depth(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.stamp_comment_depth() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    SELECT parent.depth + 1 INTO NEW.depth
    FROM public.comments AS parent
    WHERE parent.id = NEW.parent_comment_id
    FOR NO KEY UPDATE;
    NEW.depth := coalesce(NEW.depth, 0);
    RETURN NEW;
END
$$;


--
-- Name: stamp_publication(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.stamp_publication() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.published_at := coalesce(NEW.published_at, NEW.created_at);
        NEW.created_at := NEW.published_at;
    ELSIF OLD.published_at IS NULL THEN
        NEW.published_at := coalesce(NEW.published_at, now());
        NEW.drafted_at := coalesce(NEW.drafted_at, OLD.created_at);
        NEW.created_at := NEW.published_at;
    END IF;
    RETURN NEW;
END
$$;


--
-- Name: texts_of_post(bigint, text, text, text[]); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.texts_of_post(post bigint, title text, content text, tags text[]) RETURNS TABLE(texts text)
    LANGUAGE sql STABLE
    AS $$
SELECT lower(concat_ws(
    E'\n',
    title,
    content,
    CASE WHEN tags <> '{}' THEN '#' || array_to_string(tags, E'\n#') END,
    (SELECT string_agg(media.alt_text, E'\n') FROM public.post_media AS media WHERE media.post_id = post)
))
$$;


--
-- Name: track_deletion(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.track_deletion() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    IF NEW.status = 'deleted' THEN
        NEW.deleted_at := coalesce(NEW.deleted_at, now());
        NEW.status_before_delete := OLD.status;
    ELSE
        NEW.deleted_at := NULL;
        NEW.status_before_delete := NULL;
    END IF;
    RETURN NEW;
END
$$;


--
-- Name: update_comment_depth(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.update_comment_depth() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
    ids bigint[];
BEGIN
    SELECT array_agg(now.id) INTO ids
    FROM old_rows AS was
    INNER JOIN new_rows AS now ON was.id = now.id
    WHERE was.parent_comment_id IS DISTINCT FROM now.parent_comment_id;

    WHILE ids IS NOT NULL LOOP
        PERFORM FROM public.comments WHERE id = ANY(ids) ORDER BY id DESC FOR NO KEY UPDATE;

        UPDATE public.comments
        SET depth = coalesce(
            (SELECT parent.depth + 1 FROM public.comments AS parent WHERE parent.id = comments.parent_comment_id), 0
        )
        WHERE id = ANY(ids);

        SELECT array_agg(below.id) INTO ids
        FROM public.comments AS above
        INNER JOIN public.comments AS below ON below.parent_comment_id = above.id
        WHERE above.id = ANY(ids) AND below.depth <> above.depth + 1;
    END LOOP;
    RETURN NULL;
END
$$;


--
-- Name: update_comment_likes_count(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.update_comment_likes_count() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
    ids bigint[];
    steps bigint[];
BEGIN
    SELECT array_agg(net.comment_id), array_agg(net.step) INTO ids, steps
    FROM (
        SELECT comment_id, TG_ARGV[0]::integer * count(*) AS step
        FROM changed
        GROUP BY comment_id
    ) AS net;

    PERFORM FROM public.comments WHERE id = ANY(ids) ORDER BY id DESC FOR NO KEY UPDATE;

    UPDATE public.comments
    SET likes_count = greatest(comments.likes_count + change.step, 0)
    FROM unnest(ids, steps) AS change (id, step)
    WHERE comments.id = change.id;
    RETURN NULL;
END
$$;


--
-- Name: update_comment_replies_count(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.update_comment_replies_count() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
    ids bigint[];
    steps bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(net.parent_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT side.parent_id, sum(side.step) AS step
            FROM old_rows AS was
            INNER JOIN new_rows AS now ON was.id = now.id
            CROSS JOIN LATERAL (
                SELECT now.parent_comment_id AS parent_id, 1 AS step
                WHERE now.deleted_at IS NULL OR now.replies_count > 0
                UNION ALL
                SELECT was.parent_comment_id, -1
                WHERE was.deleted_at IS NULL OR was.replies_count > 0
            ) AS side
            WHERE side.parent_id IS NOT NULL
                AND (
                    (was.deleted_at IS NULL) <> (now.deleted_at IS NULL)
                    OR was.parent_comment_id IS DISTINCT FROM now.parent_comment_id
                )
            GROUP BY side.parent_id
            HAVING sum(side.step) <> 0
        ) AS net;
    ELSE
        SELECT array_agg(net.parent_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT parent_comment_id AS parent_id, TG_ARGV[0]::integer * count(*) AS step
            FROM changed
            WHERE parent_comment_id IS NOT NULL AND (deleted_at IS NULL OR replies_count > 0)
            GROUP BY parent_comment_id
        ) AS net;
    END IF;

    WHILE ids IS NOT NULL LOOP
        PERFORM FROM public.comments WHERE id = ANY(ids) ORDER BY id DESC FOR NO KEY UPDATE;

        WITH counted AS (
            UPDATE public.comments
            SET replies_count = greatest(comments.replies_count + change.step, 0)
            FROM unnest(ids, steps) AS change (id, step)
            WHERE comments.id = change.id
            RETURNING
                comments.parent_comment_id AS parent_id,
                comments.deleted_at,
                comments.replies_count > 0 AS is_answered,
                comments.replies_count - change.step > 0 AS was_answered
        )
        SELECT array_agg(net.parent_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT parent_id, sum(is_answered::integer - was_answered::integer) AS step
            FROM counted
            WHERE parent_id IS NOT NULL AND deleted_at IS NOT NULL AND is_answered <> was_answered
            GROUP BY parent_id
            HAVING sum(is_answered::integer - was_answered::integer) <> 0
        ) AS net;
    END LOOP;
    RETURN NULL;
END
$$;


--
-- Name: update_post_comments_count(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.update_post_comments_count() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
    ids bigint[];
    steps bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(net.post_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT side.post_id, sum(side.step) AS step
            FROM (
                SELECT post_id, 1 AS step FROM new_rows WHERE deleted_at IS NULL
                UNION ALL
                SELECT post_id, -1 FROM old_rows WHERE deleted_at IS NULL
            ) AS side
            GROUP BY side.post_id
            HAVING sum(side.step) <> 0
        ) AS net;
    ELSE
        SELECT array_agg(net.post_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT post_id, TG_ARGV[0]::integer * count(*) AS step
            FROM changed
            WHERE deleted_at IS NULL
            GROUP BY post_id
        ) AS net;
    END IF;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;

    PERFORM FROM public.posts WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;

    UPDATE public.posts
    SET comments_count = greatest(posts.comments_count + change.step, 0)
    FROM unnest(ids, steps) AS change (id, step)
    WHERE posts.id = change.id;
    RETURN NULL;
END
$$;


--
-- Name: update_post_likes_count(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.update_post_likes_count() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
    step constant integer := TG_ARGV[0];
BEGIN
    PERFORM FROM public.posts
    WHERE id IN (SELECT changed.post_id FROM changed WHERE changed.type = 'like')
    ORDER BY id
    FOR NO KEY UPDATE;

    UPDATE public.posts
    SET likes_count = greatest(posts.likes_count + step * change.likes, 0)
    FROM (SELECT post_id, count(*) AS likes FROM changed WHERE type = 'like' GROUP BY post_id) AS change
    WHERE posts.id = change.post_id;
    RETURN NULL;
END
$$;


--
-- Name: update_post_reposts_count(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.update_post_reposts_count() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
    step constant integer := TG_ARGV[0];
BEGIN
    PERFORM FROM public.posts
    WHERE id IN (SELECT changed.post_id FROM changed)
    ORDER BY id
    FOR NO KEY UPDATE;

    UPDATE public.posts
    SET reposts_count = greatest(posts.reposts_count + step * change.reposts, 0)
    FROM (SELECT post_id, count(*) AS reposts FROM changed GROUP BY post_id) AS change
    WHERE posts.id = change.post_id;
    RETURN NULL;
END
$$;


--
-- Name: update_storage_on_media_delete(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.update_storage_on_media_delete() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    PERFORM FROM public.storage_usage
    WHERE user_id IN (SELECT changed.user_id FROM changed)
    ORDER BY user_id
    FOR NO KEY UPDATE;

    -- Not an upsert: when a person is deleted, the row is gone before the media, and none may come back.
    UPDATE public.storage_usage AS usage
    SET used_bytes = greatest(usage.used_bytes - freed.used_bytes, 0),
        images_bytes = greatest(usage.images_bytes - freed.images_bytes, 0),
        videos_bytes = greatest(usage.videos_bytes - freed.videos_bytes, 0),
        audio_bytes = greatest(usage.audio_bytes - freed.audio_bytes, 0),
        other_bytes = greatest(usage.other_bytes - freed.other_bytes, 0)
    FROM (
        SELECT
            user_id,
            sum(file_size_bytes) AS used_bytes,
            coalesce(sum(file_size_bytes) FILTER (WHERE type IN ('image', 'gif')), 0) AS images_bytes,
            coalesce(sum(file_size_bytes) FILTER (WHERE type = 'video'), 0) AS videos_bytes,
            coalesce(sum(file_size_bytes) FILTER (WHERE type = 'audio'), 0) AS audio_bytes,
            coalesce(sum(file_size_bytes) FILTER (WHERE type = 'document'), 0) AS other_bytes
        FROM changed
        GROUP BY user_id
    ) AS freed
    WHERE usage.user_id = freed.user_id;
    RETURN NULL;
END
$$;


--
-- Name: update_storage_on_media_insert(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.update_storage_on_media_insert() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    -- An upsert: media of a person without a row is charged all the same.
    INSERT INTO public.storage_usage AS usage (
        user_id, used_bytes, images_bytes, videos_bytes, audio_bytes, other_bytes
    )
    SELECT
        user_id,
        sum(file_size_bytes),
        coalesce(sum(file_size_bytes) FILTER (WHERE type IN ('image', 'gif')), 0),
        coalesce(sum(file_size_bytes) FILTER (WHERE type = 'video'), 0),
        coalesce(sum(file_size_bytes) FILTER (WHERE type = 'audio'), 0),
        coalesce(sum(file_size_bytes) FILTER (WHERE type = 'document'), 0)
    FROM changed
    GROUP BY user_id
    ORDER BY user_id
    ON CONFLICT (user_id) DO UPDATE
    SET used_bytes = usage.used_bytes + excluded.used_bytes,
        images_bytes = usage.images_bytes + excluded.images_bytes,
        videos_bytes = usage.videos_bytes + excluded.videos_bytes,
        audio_bytes = usage.audio_bytes + excluded.audio_bytes,
        other_bytes = usage.other_bytes + excluded.other_bytes;
    RETURN NULL;
END
$$;


--
-- Name: update_updated_at_column(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.update_updated_at_column() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;


--
-- Name: update_user_follow_counts(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.update_user_follow_counts() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
    ids bigint[];
    followers bigint[];
    followed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(net.user_id), array_agg(net.followers), array_agg(net.followed) INTO ids, followers, followed
        FROM (
            SELECT side.user_id, sum(side.followers) AS followers, sum(side.followed) AS followed
            FROM (
                SELECT following_id AS user_id, 1 AS followers, 0 AS followed FROM new_rows
                UNION ALL
                SELECT follower_id, 0, 1 FROM new_rows
                UNION ALL
                SELECT following_id, -1, 0 FROM old_rows
                UNION ALL
                SELECT follower_id, 0, -1 FROM old_rows
            ) AS side
            GROUP BY side.user_id
            HAVING sum(side.followers) <> 0 OR sum(side.followed) <> 0
        ) AS net;
    ELSE
        SELECT array_agg(net.user_id), array_agg(net.followers), array_agg(net.followed) INTO ids, followers, followed
        FROM (
            SELECT
                side.user_id,
                TG_ARGV[0]::integer * sum(side.followers) AS followers,
                TG_ARGV[0]::integer * sum(side.followed) AS followed
            FROM (
                SELECT following_id AS user_id, 1 AS followers, 0 AS followed FROM changed
                UNION ALL
                SELECT follower_id, 0, 1 FROM changed
            ) AS side
            GROUP BY side.user_id
        ) AS net;
    END IF;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE app.user_counts
    SET followers_count = greatest(user_counts.followers_count + change.followers, 0),
        following_count = greatest(user_counts.following_count + change.followed, 0)
    FROM unnest(ids, followers, followed) AS change (user_id, followers, followed)
    WHERE user_counts.user_id = change.user_id;
    RETURN NULL;
END
$$;


--
-- Name: update_user_friends_count(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.update_user_friends_count() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
    ids bigint[];
    steps bigint[];
BEGIN
    SELECT array_agg(net.user_id), array_agg(net.step) INTO ids, steps
    FROM (
        SELECT side.user_id, TG_ARGV[0]::integer * count(*) AS step
        FROM (
            SELECT user_id_1 AS user_id FROM changed
            UNION ALL
            SELECT user_id_2 FROM changed
        ) AS side
        GROUP BY side.user_id
    ) AS net;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;

    PERFORM FROM app.user_counts WHERE user_id = ANY(ids) ORDER BY user_id FOR NO KEY UPDATE;

    UPDATE app.user_counts
    SET friends_count = greatest(user_counts.friends_count + change.step, 0)
    FROM unnest(ids, steps) AS change (user_id, step)
    WHERE user_counts.user_id = change.user_id;
    RETURN NULL;
END
$$;


--
-- Name: update_user_posts_count(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.update_user_posts_count() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
    ids bigint[];
    steps bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(net.user_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT side.user_id, sum(side.step) AS step
            FROM (
                SELECT user_id, 1 AS step FROM new_rows WHERE status = 'published'
                UNION ALL
                SELECT user_id, -1 FROM old_rows WHERE status = 'published'
            ) AS side
            GROUP BY side.user_id
            HAVING sum(side.step) <> 0
        ) AS net;
    ELSE
        SELECT array_agg(net.user_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT user_id, TG_ARGV[0]::integer * count(*) AS step
            FROM changed
            WHERE status = 'published'
            GROUP BY user_id
        ) AS net;
    END IF;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;

    PERFORM FROM app.user_counts WHERE user_id = ANY(ids) ORDER BY user_id FOR NO KEY UPDATE;

    UPDATE app.user_counts
    SET posts_count = greatest(user_counts.posts_count + change.step, 0)
    FROM unnest(ids, steps) AS change (user_id, step)
    WHERE user_counts.user_id = change.user_id;
    RETURN NULL;
END
$$;


--
-- Name: user_profiles; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.user_profiles (
    user_id bigint NOT NULL,
    display_name text,
    bio text,
    age smallint,
    location text,
    website text,
    visibility public.visibility DEFAULT 'public'::public.visibility NOT NULL,
    avatar_media_id bigint,
    background_config jsonb,
    music_config jsonb,
    style_config jsonb,
    layout_config jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT user_profiles_age_range CHECK (((age >= 13) AND (age <= 120))),
    CONSTRAINT user_profiles_background_config_object CHECK ((jsonb_typeof(background_config) = 'object'::text)),
    CONSTRAINT user_profiles_bio_length CHECK ((char_length(bio) <= 500)),
    CONSTRAINT user_profiles_display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 100))),
    CONSTRAINT user_profiles_layout_config_object CHECK ((jsonb_typeof(layout_config) = 'object'::text)),
    CONSTRAINT user_profiles_location_length CHECK ((char_length(location) <= 100)),
    CONSTRAINT user_profiles_music_config_object CHECK ((jsonb_typeof(music_config) = 'object'::text)),
    CONSTRAINT user_profiles_style_config_object CHECK ((jsonb_typeof(style_config) = 'object'::text)),
    CONSTRAINT user_profiles_website_format CHECK (((website ~* '^https?://'::text) AND (char_length(website) <= 2048)))
);


--
-- Name: visible_circles(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.visible_circles(viewer bigint) RETURNS SETOF public.user_profiles
    LANGUAGE sql STABLE
    AS $$
SELECT profile.*
FROM app.visible_profiles(viewer) AS profile
WHERE profile.user_id = viewer
    OR NOT EXISTS (
        SELECT FROM app.user_settings AS s
        WHERE s.user_id = profile.user_id AND NOT s.show_followers
    )
$$;


--
-- Name: visible_comments(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.visible_comments(viewer bigint) RETURNS SETOF public.comments
    LANGUAGE sql STABLE
    AS $$
SELECT c.*
FROM public.comments AS c
INNER JOIN app.visible_users(viewer) AS author ON c.user_id = author.id
INNER JOIN app.visible_posts(viewer) AS post ON c.post_id = post.id
WHERE (c.deleted_at IS NULL OR c.replies_count > 0)
    AND NOT EXISTS (SELECT FROM app.blocks_between(c.user_id, post.user_id) AS apart OFFSET 0)
$$;


--
-- Name: custom_feeds; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.custom_feeds (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    name text NOT NULL,
    description text,
    algorithm_config jsonb DEFAULT '{}'::jsonb NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    display_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    rules_version integer DEFAULT 1 NOT NULL,
    sharing app.feed_sharing DEFAULT 'private'::app.feed_sharing NOT NULL,
    forked_from_id bigint,
    CONSTRAINT custom_feeds_algorithm_config_object CHECK ((jsonb_typeof(algorithm_config) = 'object'::text)),
    CONSTRAINT custom_feeds_description_length CHECK ((char_length(description) <= 500)),
    CONSTRAINT custom_feeds_display_order_not_negative CHECK ((display_order >= 0)),
    CONSTRAINT custom_feeds_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
    CONSTRAINT custom_feeds_rules_version_positive CHECK ((rules_version >= 1))
);


--
-- Name: visible_feeds(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.visible_feeds(viewer bigint) RETURNS SETOF public.custom_feeds
    LANGUAGE sql STABLE
    AS $$
SELECT f.*
FROM public.custom_feeds AS f
WHERE f.user_id = viewer
    OR (
        f.sharing = 'public'
        AND EXISTS (SELECT FROM app.visible_profiles(viewer) AS owner WHERE owner.user_id = f.user_id OFFSET 0)
    )
$$;


--
-- Name: user_lists; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.user_lists (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    name text NOT NULL,
    description text,
    is_public boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_lists_description_length CHECK ((char_length(description) <= 500)),
    CONSTRAINT user_lists_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100)))
);


--
-- Name: visible_lists(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.visible_lists(viewer bigint) RETURNS SETOF public.user_lists
    LANGUAGE sql STABLE
    AS $$
SELECT l.*
FROM public.user_lists AS l
WHERE l.user_id = viewer
    OR (
        l.is_public
        AND EXISTS (SELECT FROM app.visible_profiles(viewer) AS owner WHERE owner.user_id = l.user_id OFFSET 0)
    )
$$;


--
-- Name: visible_messages(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.visible_messages(viewer bigint) RETURNS SETOF public.messages
    LANGUAGE sql STABLE
    AS $$
SELECT g.*
FROM app.open_messages(viewer) AS g
INNER JOIN app.memberships(viewer) AS m ON g.conversation_id = m.conversation_id
WHERE g.id > m.hidden_before_message_id
$$;


--
-- Name: notifications; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.notifications (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    type public.notification_type NOT NULL,
    actor_id bigint,
    post_id bigint,
    comment_id bigint,
    conversation_id bigint,
    title text NOT NULL,
    content text,
    action_url text,
    is_read boolean DEFAULT false NOT NULL,
    read_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    withdrawn_at timestamp with time zone,
    message_id bigint,
    written_in xid8 DEFAULT pg_current_xact_id(),
    CONSTRAINT notifications_content_length CHECK ((char_length(content) <= 1000)),
    CONSTRAINT notifications_not_about_oneself CHECK ((actor_id <> user_id)),
    CONSTRAINT notifications_read_at_matches_is_read CHECK ((is_read = (read_at IS NOT NULL))),
    CONSTRAINT notifications_title_length CHECK (((char_length(title) >= 1) AND (char_length(title) <= 200)))
);


--
-- Name: visible_notifications(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.visible_notifications(viewer bigint) RETURNS SETOF public.notifications
    LANGUAGE sql STABLE
    AS $$
SELECT n.*
FROM public.notifications AS n
WHERE n.user_id = viewer
    AND n.withdrawn_at IS NULL
    AND (
        n.type = 'system'
        OR EXISTS (SELECT FROM app.visible_users(viewer) AS actor WHERE actor.id = n.actor_id OFFSET 0)
    )
    AND (
        n.actor_id = ANY (ARRAY(SELECT mute.muted_id FROM app.user_mutes AS mute WHERE mute.muter_id = viewer))
    ) IS NOT TRUE
    AND (
        n.post_id IS NULL
        OR EXISTS (SELECT FROM app.visible_posts(viewer) AS post WHERE post.id = n.post_id OFFSET 0)
    )
    AND (
        n.comment_id IS NULL
        OR EXISTS (
            SELECT FROM app.visible_comments(viewer) AS comment
            WHERE comment.id = n.comment_id AND comment.deleted_at IS NULL OFFSET 0
        )
    )
    AND (
        n.conversation_id IS NULL
        OR EXISTS (
            SELECT FROM app.memberships(viewer) AS m
            WHERE m.conversation_id = n.conversation_id OFFSET 0
        )
    )
$$;


--
-- Name: visible_posts(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.visible_posts(viewer bigint) RETURNS SETOF public.posts
    LANGUAGE sql STABLE
    AS $$
SELECT p.*
FROM app.open_posts(viewer) AS p
INNER JOIN app.visible_profiles(viewer) AS author ON p.user_id = author.user_id
$$;


--
-- Name: visible_profiles(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.visible_profiles(viewer bigint) RETURNS SETOF public.user_profiles
    LANGUAGE sql STABLE
    AS $$
SELECT profile.*
FROM public.user_profiles AS profile
INNER JOIN app.visible_users(viewer) AS owner ON profile.user_id = owner.id
WHERE CASE
    WHEN profile.visibility = 'public' OR profile.user_id = viewer THEN TRUE
    WHEN profile.visibility = 'followers' THEN EXISTS (
        SELECT FROM public.user_follows AS f
        WHERE f.follower_id = viewer AND f.following_id = profile.user_id
    )
    ELSE FALSE
END
$$;


--
-- Name: users; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.users (
    id bigint NOT NULL,
    username text NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL,
    email_verified boolean DEFAULT false NOT NULL,
    password_hash text NOT NULL,
    status public.user_status DEFAULT 'active'::public.user_status NOT NULL,
    status_before_delete public.user_status,
    last_login_at timestamp with time zone,
    deleted_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_deleted_at_matches_status CHECK (((status = 'deleted'::public.user_status) = (deleted_at IS NOT NULL))),
    CONSTRAINT users_email_format CHECK (((email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text) AND (char_length(email) <= 254))),
    CONSTRAINT users_status_before_delete CHECK (((status_before_delete IS NULL) OR ((status = 'deleted'::public.user_status) AND (status_before_delete <> 'deleted'::public.user_status)))),
    CONSTRAINT users_username_format CHECK ((username ~ '^[A-Za-z0-9_]{3,30}$'::text))
);


--
-- Name: visible_users(bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.visible_users(viewer bigint) RETURNS SETOF public.users
    LANGUAGE sql STABLE
    AS $$
SELECT u.*
FROM public.users AS u
WHERE (u.status = 'active' OR u.id = viewer)
    AND u.id <> ALL (ARRAY(
        SELECT b.blocked_id FROM app.user_blocks AS b WHERE b.blocker_id = viewer
        UNION ALL
        SELECT b.blocker_id FROM app.user_blocks AS b WHERE b.blocked_id = viewer
    ))
$$;


--
-- Name: withdraw_notifications(bigint[], bigint); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.withdraw_notifications(ids bigint[], undone_by bigint) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
DELETE FROM public.notifications
WHERE id = ANY (ids) AND (NOT is_read OR user_id = undone_by);

UPDATE public.notifications
SET withdrawn_at = now(), content = NULL
WHERE id = ANY (ids) AND withdrawn_at IS NULL;
$$;


--
-- Name: without_phrases(tsquery); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.without_phrases(query tsquery) RETURNS tsquery
    LANGUAGE sql IMMUTABLE
    AS $$
SELECT CASE
    WHEN query::text !~ '<(-|\d+)>' THEN query
    WHEN querytree(query) <> 'T' THEN regexp_replace(querytree(query), '<(-|\d+)>', '&', 'g')::tsquery
END
$$;


--
-- Name: procrastinate_cancel_job_v1(bigint, boolean, boolean); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;


--
-- Name: procrastinate_defer_jobs_v1(jobs.procrastinate_job_to_defer_v1[]); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_defer_jobs_v1(jobs jobs.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;


--
-- Name: procrastinate_defer_periodic_job_v2(character varying, character varying, character varying, character varying, integer, character varying, bigint, jsonb); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
DECLARE
    _job_id bigint;
    _defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;


--
-- Name: procrastinate_jobs; Type: TABLE; Schema: jobs; Owner: -
--

CREATE TABLE jobs.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    lock text,
    queueing_lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status jobs.procrastinate_job_status DEFAULT 'todo'::jobs.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::jobs.procrastinate_job_status) AND (abort_requested = true))))
);


--
-- Name: procrastinate_fetch_job_v2(character varying[], bigint); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS jobs.procrastinate_jobs
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
DECLARE
    found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;


--
-- Name: procrastinate_finish_job_v1(bigint, jobs.procrastinate_job_status, boolean); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_finish_job_v1(job_id bigint, end_status jobs.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;


--
-- Name: procrastinate_notify_queue_abort_job_v1(); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
    PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
    PERFORM pg_notify('procrastinate_any_queue_v1', payload);
    RETURN NEW;
END;
$$;


--
-- Name: procrastinate_notify_queue_job_inserted_v1(); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
    PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
    PERFORM pg_notify('procrastinate_any_queue_v1', payload);
    RETURN NEW;
END;
$$;


--
-- Name: procrastinate_prune_stalled_workers_v1(double precision); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;


--
-- Name: procrastinate_register_worker_v1(); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;


--
-- Name: procrastinate_retry_job_v1(bigint, timestamp with time zone, integer, character varying, character varying); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;


--
-- Name: procrastinate_retry_job_v2(bigint, timestamp with time zone, integer, character varying, character varying); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;


--
-- Name: procrastinate_trigger_abort_requested_events_procedure_v1(); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_scheduled_events_v1(); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

    RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_status_events_insert_v1(); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_status_events_update_v1(); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
    RETURN NEW;
END;
$$;


--
-- Name: procrastinate_unlink_periodic_defers_v1(); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;


--
-- Name: procrastinate_unregister_worker_v1(bigint); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;


--
-- Name: procrastinate_update_heartbeat_v1(bigint); Type: FUNCTION; Schema: jobs; Owner: -
--

CREATE FUNCTION jobs.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'jobs', 'pg_temp'
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;


--
-- Name: alembic_version; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.alembic_version (
    version_num character varying(32) NOT NULL
);


--
-- Name: audit_log; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.audit_log (
    id bigint NOT NULL,
    user_id bigint,
    action text NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    ip_address inet,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT audit_log_action_length CHECK (((char_length(action) >= 1) AND (char_length(action) <= 100))),
    CONSTRAINT audit_log_details_object CHECK ((jsonb_typeof(details) = 'object'::text))
);


--
-- Name: audit_log_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: comment_likes; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.comment_likes (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    comment_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: comment_likes_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.comment_likes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.comment_likes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: doomed_objects; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.doomed_objects (
    object_key text NOT NULL COLLATE pg_catalog."C",
    not_before timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: ended_conversations; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.ended_conversations (
    conversation_id bigint NOT NULL,
    ended_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: feed_markers; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.feed_markers (
    user_id bigint NOT NULL,
    feed_id bigint NOT NULL,
    rules_version integer NOT NULL,
    score bigint,
    post_created_at timestamp with time zone NOT NULL,
    post_id bigint NOT NULL,
    set_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: feed_opt_outs; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.feed_opt_outs (
    user_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: feed_pins; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.feed_pins (
    feed_id bigint NOT NULL,
    place smallint NOT NULL,
    post_id bigint NOT NULL,
    CONSTRAINT feed_pins_place_first_three CHECK (((place >= 1) AND (place <= 3)))
);


--
-- Name: feed_tokens; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.feed_tokens (
    token_hash bytea NOT NULL,
    feed_id bigint NOT NULL,
    purpose text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT feed_tokens_purpose CHECK ((purpose = ANY (ARRAY['link'::text, 'reader'::text]))),
    CONSTRAINT feed_tokens_token_hash_length CHECK ((octet_length(token_hash) = 32))
);


--
-- Name: follow_requests; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.follow_requests (
    id bigint NOT NULL,
    requester_id bigint NOT NULL,
    target_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT follow_requests_not_self CHECK ((requester_id <> target_id))
);


--
-- Name: follow_requests_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.follow_requests ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.follow_requests_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: idempotency_keys; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.idempotency_keys (
    user_id bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    fingerprint bytea NOT NULL,
    object_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_keys_key_length CHECK (((char_length(key) >= 1) AND (char_length(key) <= 64)))
);


--
-- Name: message_replies; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.message_replies (
    message_id bigint NOT NULL,
    reply_to_id bigint NOT NULL
);


--
-- Name: mute_words_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.mute_words ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.mute_words_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: pending_uploads; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.pending_uploads (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    type public.media_type NOT NULL,
    object_key text NOT NULL,
    mime_type text NOT NULL,
    file_size_bytes bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    state text DEFAULT 'reserved'::text NOT NULL,
    final_key text,
    attempt smallint DEFAULT 0 NOT NULL,
    lease_until timestamp with time zone,
    failure text,
    alt_text text,
    url_expires_at timestamp with time zone DEFAULT (now() + '00:15:00'::interval) NOT NULL,
    CONSTRAINT pending_uploads_alt_text_length CHECK ((char_length(alt_text) <= 1000)),
    CONSTRAINT pending_uploads_expire_after_creation CHECK ((expires_at > created_at)),
    CONSTRAINT pending_uploads_failure_matches_state CHECK (((state = 'failed'::text) = (failure IS NOT NULL))),
    CONSTRAINT pending_uploads_final_key_required CHECK (((state <> 'completing'::text) OR (final_key IS NOT NULL))),
    CONSTRAINT pending_uploads_lease_matches_state CHECK (((state = 'completing'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT pending_uploads_size_positive CHECK ((file_size_bytes > 0)),
    CONSTRAINT pending_uploads_state CHECK ((state = ANY (ARRAY['reserved'::text, 'completing'::text, 'failed'::text])))
);


--
-- Name: pending_uploads_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.pending_uploads ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.pending_uploads_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: post_mentions; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.post_mentions (
    post_id bigint NOT NULL,
    user_id bigint NOT NULL,
    "position" smallint NOT NULL
);


--
-- Name: post_revisions; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.post_revisions (
    id bigint NOT NULL,
    post_id bigint NOT NULL,
    title text,
    content text,
    tags text[] NOT NULL,
    media_ids bigint[] NOT NULL,
    replaced_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: post_revisions_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.post_revisions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.post_revisions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: post_search; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.post_search (
    post_id bigint NOT NULL,
    user_id bigint NOT NULL,
    visibility public.visibility NOT NULL,
    created_at timestamp with time zone NOT NULL,
    document tsvector NOT NULL,
    texts text
);


--
-- Name: profile_versions; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.profile_versions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    number integer NOT NULL,
    begun_from integer,
    background_config jsonb,
    music_config jsonb,
    style_config jsonb,
    layout_config jsonb,
    sections jsonb NOT NULL,
    section_ids bigint[] NOT NULL,
    content_ids bigint[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT profile_versions_draft_begun CHECK (((number >= 0) AND ((number = 0) = (begun_from IS NOT NULL)))),
    CONSTRAINT profile_versions_sections_object CHECK ((jsonb_typeof(sections) = 'object'::text))
);


--
-- Name: profile_versions_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.profile_versions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.profile_versions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: replaceable_sql; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.replaceable_sql (
    only_row boolean DEFAULT true NOT NULL,
    digest text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT replaceable_sql_only_row CHECK (only_row)
);


--
-- Name: seen_marks; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.seen_marks (
    user_id bigint NOT NULL,
    latest bigint NOT NULL
);


--
-- Name: seen_posts; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.seen_posts (
    user_id bigint NOT NULL,
    post_id bigint NOT NULL,
    mark bigint NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: sessions; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.sessions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    user_agent text,
    ip_address inet,
    CONSTRAINT sessions_expire_after_creation CHECK ((expires_at > created_at)),
    CONSTRAINT sessions_token_hash_length CHECK ((octet_length(token_hash) = 32))
);


--
-- Name: sessions_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.sessions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.sessions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: trending_posts; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.trending_posts (
    hours smallint NOT NULL,
    post_id bigint NOT NULL,
    score bigint NOT NULL
);


--
-- Name: trending_tags; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.trending_tags (
    hours smallint NOT NULL,
    "position" smallint NOT NULL,
    tag text NOT NULL,
    posts_count integer NOT NULL,
    people_count integer NOT NULL
);


--
-- Name: used_tags; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.used_tags (
    name text NOT NULL COLLATE pg_catalog."C",
    people_count integer NOT NULL
);


--
-- Name: user_counts; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.user_counts (
    user_id bigint NOT NULL,
    followers_count integer DEFAULT 0 NOT NULL,
    following_count integer DEFAULT 0 NOT NULL,
    friends_count integer DEFAULT 0 NOT NULL,
    posts_count integer DEFAULT 0 NOT NULL,
    CONSTRAINT user_counts_not_negative CHECK (((followers_count >= 0) AND (following_count >= 0) AND (friends_count >= 0) AND (posts_count >= 0)))
)
WITH (fillfactor='85', autovacuum_vacuum_scale_factor='0.02', autovacuum_analyze_scale_factor='0.02', autovacuum_vacuum_cost_delay='0');


--
-- Name: user_mutes; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.user_mutes (
    muter_id bigint NOT NULL,
    muted_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_mutes_not_self CHECK ((muter_id <> muted_id))
);


--
-- Name: user_settings; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.user_settings (
    user_id bigint NOT NULL,
    allow_messages_from app.message_audience DEFAULT 'everyone'::app.message_audience NOT NULL,
    show_followers boolean DEFAULT true NOT NULL,
    email_follows boolean DEFAULT true NOT NULL,
    email_likes boolean DEFAULT false NOT NULL,
    email_comments boolean DEFAULT true NOT NULL,
    email_reposts boolean DEFAULT false NOT NULL,
    email_mentions boolean DEFAULT true NOT NULL,
    email_messages boolean DEFAULT true NOT NULL,
    email_friend_requests boolean DEFAULT true NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    following_feed_order integer DEFAULT 0 NOT NULL
);


--
-- Name: verification_tokens; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.verification_tokens (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    purpose text NOT NULL,
    token_hash bytea NOT NULL,
    email text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT verification_tokens_expire_after_creation CHECK ((expires_at > created_at)),
    CONSTRAINT verification_tokens_purpose CHECK ((purpose = ANY (ARRAY['email_verification'::text, 'password_reset'::text]))),
    CONSTRAINT verification_tokens_token_hash_length CHECK ((octet_length(token_hash) = 32))
);


--
-- Name: verification_tokens_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.verification_tokens ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.verification_tokens_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: procrastinate_events; Type: TABLE; Schema: jobs; Owner: -
--

CREATE TABLE jobs.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type jobs.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE; Schema: jobs; Owner: -
--

CREATE SEQUENCE jobs.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE OWNED BY; Schema: jobs; Owner: -
--

ALTER SEQUENCE jobs.procrastinate_events_id_seq OWNED BY jobs.procrastinate_events.id;


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE; Schema: jobs; Owner: -
--

CREATE SEQUENCE jobs.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE OWNED BY; Schema: jobs; Owner: -
--

ALTER SEQUENCE jobs.procrastinate_jobs_id_seq OWNED BY jobs.procrastinate_jobs.id;


--
-- Name: procrastinate_periodic_defers; Type: TABLE; Schema: jobs; Owner: -
--

CREATE TABLE jobs.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE; Schema: jobs; Owner: -
--

CREATE SEQUENCE jobs.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE OWNED BY; Schema: jobs; Owner: -
--

ALTER SEQUENCE jobs.procrastinate_periodic_defers_id_seq OWNED BY jobs.procrastinate_periodic_defers.id;


--
-- Name: procrastinate_workers; Type: TABLE; Schema: jobs; Owner: -
--

CREATE TABLE jobs.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: procrastinate_workers_id_seq; Type: SEQUENCE; Schema: jobs; Owner: -
--

ALTER TABLE jobs.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME jobs.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: comments_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.comments ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.comments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: conversations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.conversations (
    id bigint NOT NULL,
    kind text NOT NULL,
    participant_ids bigint[] NOT NULL,
    title text,
    last_message_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT conversations_direct_pair_ordered CHECK (((kind <> 'direct'::text) OR ((cardinality(participant_ids) = 2) AND (participant_ids[1] < participant_ids[2])))),
    CONSTRAINT conversations_kind CHECK ((kind = ANY (ARRAY['direct'::text, 'group'::text]))),
    CONSTRAINT conversations_participants_shape CHECK (((cardinality(participant_ids) >= 2) AND (array_position(participant_ids, NULL::bigint) IS NULL))),
    CONSTRAINT conversations_title_for_groups CHECK (((title IS NULL) OR ((kind = 'group'::text) AND ((char_length(title) >= 1) AND (char_length(title) <= 100)))))
);


--
-- Name: conversations_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.conversations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.conversations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: custom_feeds_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.custom_feeds ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.custom_feeds_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: feed_filters; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.feed_filters (
    id bigint NOT NULL,
    feed_id bigint NOT NULL,
    type public.filter_type NOT NULL,
    operator public.filter_operator NOT NULL,
    value jsonb NOT NULL,
    group_id integer DEFAULT 0 NOT NULL,
    logical_operator text DEFAULT 'AND'::text NOT NULL,
    display_order integer DEFAULT 0 NOT NULL,
    CONSTRAINT feed_filters_display_order_not_negative CHECK ((display_order >= 0)),
    CONSTRAINT feed_filters_group_id_not_negative CHECK ((group_id >= 0)),
    CONSTRAINT feed_filters_logical_operator CHECK ((logical_operator = ANY (ARRAY['AND'::text, 'OR'::text, 'NOT'::text])))
);


--
-- Name: feed_filters_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.feed_filters ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.feed_filters_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: friendships; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.friendships (
    user_id_1 bigint NOT NULL,
    user_id_2 bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT friendships_ordered_pair CHECK ((user_id_1 < user_id_2))
);


--
-- Name: list_members; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.list_members (
    list_id bigint NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: messages_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.messages ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.messages_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: notifications_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.notifications ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notifications_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: post_interactions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.post_interactions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    post_id bigint NOT NULL,
    type public.interaction_type NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: post_interactions_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.post_interactions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.post_interactions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: post_media; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.post_media (
    id bigint NOT NULL,
    post_id bigint,
    user_id bigint NOT NULL,
    type public.media_type NOT NULL,
    file_url text NOT NULL,
    object_key text NOT NULL,
    file_size_bytes bigint NOT NULL,
    mime_type text NOT NULL,
    width integer,
    height integer,
    duration_seconds double precision,
    thumbnail_url text,
    alt_text text,
    display_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    upload_id bigint,
    thumbnails smallint[],
    placeholder text,
    CONSTRAINT post_media_alt_text_length CHECK ((char_length(alt_text) <= 1000)),
    CONSTRAINT post_media_dimensions_positive CHECK (((width > 0) AND (height > 0))),
    CONSTRAINT post_media_display_order_not_negative CHECK ((display_order >= 0)),
    CONSTRAINT post_media_duration_not_negative CHECK ((duration_seconds >= (0)::double precision)),
    CONSTRAINT post_media_size_positive CHECK ((file_size_bytes > 0))
);


--
-- Name: post_media_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.post_media ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.post_media_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: posts_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.posts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.posts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: profile_sections; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.profile_sections (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    type public.section_type NOT NULL,
    title text NOT NULL,
    description text,
    config jsonb DEFAULT '{}'::jsonb NOT NULL,
    display_order integer DEFAULT 0 NOT NULL,
    is_visible boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT profile_sections_config_object CHECK ((jsonb_typeof(config) = 'object'::text)),
    CONSTRAINT profile_sections_description_length CHECK ((char_length(description) <= 500)),
    CONSTRAINT profile_sections_display_order_not_negative CHECK ((display_order >= 0)),
    CONSTRAINT profile_sections_title_length CHECK (((char_length(title) >= 1) AND (char_length(title) <= 100)))
);


--
-- Name: profile_sections_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.profile_sections ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.profile_sections_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: reposts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.reposts (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    post_id bigint NOT NULL,
    comment text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT reposts_comment_length CHECK (((char_length(comment) >= 1) AND (char_length(comment) <= 500)))
);


--
-- Name: reposts_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.reposts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reposts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: section_content; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.section_content (
    id bigint NOT NULL,
    section_id bigint NOT NULL,
    content_type text NOT NULL,
    title text,
    content text,
    url text,
    display_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    media_id bigint,
    CONSTRAINT section_content_content_length CHECK ((char_length(content) <= 10000)),
    CONSTRAINT section_content_display_order_not_negative CHECK ((display_order >= 0)),
    CONSTRAINT section_content_title_length CHECK ((char_length(title) <= 200)),
    CONSTRAINT section_content_type CHECK ((content_type = ANY (ARRAY['text'::text, 'link'::text, 'image'::text, 'embed'::text]))),
    CONSTRAINT section_content_url_format CHECK (((url ~* '^(https?://|/media/)'::text) AND (char_length(url) <= 2048)))
);


--
-- Name: section_content_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.section_content ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.section_content_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: storage_usage; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.storage_usage (
    user_id bigint NOT NULL,
    used_bytes bigint DEFAULT 0 NOT NULL,
    quota_bytes bigint DEFAULT 52428800 NOT NULL,
    images_bytes bigint DEFAULT 0 NOT NULL,
    videos_bytes bigint DEFAULT 0 NOT NULL,
    audio_bytes bigint DEFAULT 0 NOT NULL,
    other_bytes bigint DEFAULT 0 NOT NULL,
    last_calculated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT storage_usage_buckets_not_negative CHECK (((images_bytes >= 0) AND (videos_bytes >= 0) AND (audio_bytes >= 0) AND (other_bytes >= 0))),
    CONSTRAINT storage_usage_quota_positive CHECK ((quota_bytes > 0)),
    CONSTRAINT storage_usage_used_not_negative CHECK ((used_bytes >= 0))
);


--
-- Name: subscription_tiers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.subscription_tiers (
    id bigint NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    storage_bytes bigint NOT NULL,
    price_monthly_cents integer NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    CONSTRAINT subscription_tiers_price_not_negative CHECK ((price_monthly_cents >= 0)),
    CONSTRAINT subscription_tiers_storage_positive CHECK ((storage_bytes > 0))
);


--
-- Name: subscription_tiers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.subscription_tiers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.subscription_tiers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: user_lists_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.user_lists ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.user_lists_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: user_subscriptions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.user_subscriptions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    tier_id bigint NOT NULL,
    status public.subscription_status DEFAULT 'active'::public.subscription_status NOT NULL,
    provider_customer_id text,
    provider_subscription_id text,
    current_period_start timestamp with time zone DEFAULT now() NOT NULL,
    current_period_end timestamp with time zone NOT NULL,
    canceled_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_subscriptions_canceled_at_required CHECK (((status <> 'canceled'::public.subscription_status) OR (canceled_at IS NOT NULL))),
    CONSTRAINT user_subscriptions_period_order CHECK ((current_period_end > current_period_start))
);


--
-- Name: user_subscriptions_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.user_subscriptions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.user_subscriptions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: users_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: procrastinate_events id; Type: DEFAULT; Schema: jobs; Owner: -
--

ALTER TABLE ONLY jobs.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('jobs.procrastinate_events_id_seq'::regclass);


--
-- Name: procrastinate_jobs id; Type: DEFAULT; Schema: jobs; Owner: -
--

ALTER TABLE ONLY jobs.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('jobs.procrastinate_jobs_id_seq'::regclass);


--
-- Name: procrastinate_periodic_defers id; Type: DEFAULT; Schema: jobs; Owner: -
--

ALTER TABLE ONLY jobs.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('jobs.procrastinate_periodic_defers_id_seq'::regclass);


--
-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);


--
-- Name: audit_log audit_log_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);


--
-- Name: comment_likes comment_likes_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.comment_likes
    ADD CONSTRAINT comment_likes_pkey PRIMARY KEY (user_id, comment_id);


--
-- Name: conversation_members conversation_members_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.conversation_members
    ADD CONSTRAINT conversation_members_pkey PRIMARY KEY (conversation_id, user_id);


--
-- Name: doomed_objects doomed_objects_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.doomed_objects
    ADD CONSTRAINT doomed_objects_pkey PRIMARY KEY (object_key);


--
-- Name: ended_conversations ended_conversations_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.ended_conversations
    ADD CONSTRAINT ended_conversations_pkey PRIMARY KEY (conversation_id);


--
-- Name: feed_markers feed_markers_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.feed_markers
    ADD CONSTRAINT feed_markers_pkey PRIMARY KEY (user_id, feed_id);


--
-- Name: feed_opt_outs feed_opt_outs_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.feed_opt_outs
    ADD CONSTRAINT feed_opt_outs_pkey PRIMARY KEY (user_id);


--
-- Name: feed_pins feed_pins_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.feed_pins
    ADD CONSTRAINT feed_pins_pkey PRIMARY KEY (feed_id, place);


--
-- Name: feed_pins feed_pins_post_feed_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.feed_pins
    ADD CONSTRAINT feed_pins_post_feed_key UNIQUE (post_id, feed_id);


--
-- Name: feed_tokens feed_tokens_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.feed_tokens
    ADD CONSTRAINT feed_tokens_pkey PRIMARY KEY (token_hash);


--
-- Name: follow_requests follow_requests_pair_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.follow_requests
    ADD CONSTRAINT follow_requests_pair_key UNIQUE (requester_id, target_id);


--
-- Name: follow_requests follow_requests_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.follow_requests
    ADD CONSTRAINT follow_requests_pkey PRIMARY KEY (id);


--
-- Name: idempotency_keys idempotency_keys_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key);


--
-- Name: message_replies message_replies_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.message_replies
    ADD CONSTRAINT message_replies_pkey PRIMARY KEY (message_id);


--
-- Name: mute_words mute_words_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.mute_words
    ADD CONSTRAINT mute_words_pkey PRIMARY KEY (id);


--
-- Name: pending_uploads pending_uploads_final_key_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.pending_uploads
    ADD CONSTRAINT pending_uploads_final_key_key UNIQUE (final_key);


--
-- Name: pending_uploads pending_uploads_object_key_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.pending_uploads
    ADD CONSTRAINT pending_uploads_object_key_key UNIQUE (object_key);


--
-- Name: pending_uploads pending_uploads_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.pending_uploads
    ADD CONSTRAINT pending_uploads_pkey PRIMARY KEY (id);


--
-- Name: post_mentions post_mentions_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.post_mentions
    ADD CONSTRAINT post_mentions_pkey PRIMARY KEY (post_id, user_id);


--
-- Name: post_revisions post_revisions_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.post_revisions
    ADD CONSTRAINT post_revisions_pkey PRIMARY KEY (id);


--
-- Name: post_search post_search_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.post_search
    ADD CONSTRAINT post_search_pkey PRIMARY KEY (post_id);


--
-- Name: profile_versions profile_versions_number_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.profile_versions
    ADD CONSTRAINT profile_versions_number_key UNIQUE (user_id, number);


--
-- Name: profile_versions profile_versions_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.profile_versions
    ADD CONSTRAINT profile_versions_pkey PRIMARY KEY (id);


--
-- Name: replaceable_sql replaceable_sql_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.replaceable_sql
    ADD CONSTRAINT replaceable_sql_pkey PRIMARY KEY (only_row);


--
-- Name: seen_marks seen_marks_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.seen_marks
    ADD CONSTRAINT seen_marks_pkey PRIMARY KEY (user_id);


--
-- Name: seen_posts seen_posts_mark_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.seen_posts
    ADD CONSTRAINT seen_posts_mark_key UNIQUE (user_id, mark);


--
-- Name: seen_posts seen_posts_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.seen_posts
    ADD CONSTRAINT seen_posts_pkey PRIMARY KEY (user_id, post_id) INCLUDE (mark);


--
-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);


--
-- Name: sessions sessions_token_hash_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.sessions
    ADD CONSTRAINT sessions_token_hash_key UNIQUE (token_hash);


--
-- Name: trending_posts trending_posts_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.trending_posts
    ADD CONSTRAINT trending_posts_pkey PRIMARY KEY (hours, post_id);


--
-- Name: trending_tags trending_tags_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.trending_tags
    ADD CONSTRAINT trending_tags_pkey PRIMARY KEY (hours, "position");


--
-- Name: used_tags used_tags_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.used_tags
    ADD CONSTRAINT used_tags_pkey PRIMARY KEY (name);


--
-- Name: user_blocks user_blocks_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.user_blocks
    ADD CONSTRAINT user_blocks_pkey PRIMARY KEY (blocker_id, blocked_id);


--
-- Name: user_counts user_counts_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.user_counts
    ADD CONSTRAINT user_counts_pkey PRIMARY KEY (user_id);


--
-- Name: user_mutes user_mutes_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.user_mutes
    ADD CONSTRAINT user_mutes_pkey PRIMARY KEY (muter_id, muted_id);


--
-- Name: user_search user_search_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.user_search
    ADD CONSTRAINT user_search_pkey PRIMARY KEY (user_id);


--
-- Name: user_settings user_settings_following_feed_order_not_negative; Type: CHECK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE app.user_settings
    ADD CONSTRAINT user_settings_following_feed_order_not_negative CHECK ((following_feed_order >= 0)) NOT VALID;


--
-- Name: user_settings user_settings_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.user_settings
    ADD CONSTRAINT user_settings_pkey PRIMARY KEY (user_id);


--
-- Name: verification_tokens verification_tokens_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.verification_tokens
    ADD CONSTRAINT verification_tokens_pkey PRIMARY KEY (id);


--
-- Name: verification_tokens verification_tokens_token_hash_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.verification_tokens
    ADD CONSTRAINT verification_tokens_token_hash_key UNIQUE (token_hash);


--
-- Name: procrastinate_events procrastinate_events_pkey; Type: CONSTRAINT; Schema: jobs; Owner: -
--

ALTER TABLE ONLY jobs.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_jobs procrastinate_jobs_pkey; Type: CONSTRAINT; Schema: jobs; Owner: -
--

ALTER TABLE ONLY jobs.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_pkey; Type: CONSTRAINT; Schema: jobs; Owner: -
--

ALTER TABLE ONLY jobs.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_unique; Type: CONSTRAINT; Schema: jobs; Owner: -
--

ALTER TABLE ONLY jobs.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);


--
-- Name: procrastinate_workers procrastinate_workers_pkey; Type: CONSTRAINT; Schema: jobs; Owner: -
--

ALTER TABLE ONLY jobs.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);


--
-- Name: comments comments_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_pkey PRIMARY KEY (id);


--
-- Name: comments comments_post_id_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_post_id_id_key UNIQUE (post_id, id);


--
-- Name: conversations conversations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (id);


--
-- Name: custom_feeds custom_feeds_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.custom_feeds
    ADD CONSTRAINT custom_feeds_pkey PRIMARY KEY (id);


--
-- Name: feed_filters feed_filters_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.feed_filters
    ADD CONSTRAINT feed_filters_pkey PRIMARY KEY (id);


--
-- Name: feed_filters feed_filters_position_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.feed_filters
    ADD CONSTRAINT feed_filters_position_key UNIQUE (feed_id, group_id, display_order);


--
-- Name: friendships friendships_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.friendships
    ADD CONSTRAINT friendships_pkey PRIMARY KEY (user_id_1, user_id_2);


--
-- Name: post_interactions idx_post_interactions_user_post; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.post_interactions
    ADD CONSTRAINT idx_post_interactions_user_post UNIQUE (user_id, post_id, type);


--
-- Name: list_members list_members_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.list_members
    ADD CONSTRAINT list_members_pkey PRIMARY KEY (list_id, user_id);


--
-- Name: messages messages_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);


--
-- Name: notifications notifications_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (id);


--
-- Name: post_interactions post_interactions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.post_interactions
    ADD CONSTRAINT post_interactions_pkey PRIMARY KEY (id);


--
-- Name: post_media post_media_object_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.post_media
    ADD CONSTRAINT post_media_object_key_key UNIQUE (object_key);


--
-- Name: post_media post_media_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.post_media
    ADD CONSTRAINT post_media_pkey PRIMARY KEY (id);


--
-- Name: posts posts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);


--
-- Name: profile_sections profile_sections_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.profile_sections
    ADD CONSTRAINT profile_sections_pkey PRIMARY KEY (id);


--
-- Name: reposts reposts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reposts
    ADD CONSTRAINT reposts_pkey PRIMARY KEY (id);


--
-- Name: reposts reposts_user_post_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reposts
    ADD CONSTRAINT reposts_user_post_key UNIQUE (user_id, post_id);


--
-- Name: section_content section_content_body_required; Type: CHECK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE public.section_content
    ADD CONSTRAINT section_content_body_required CHECK (
CASE content_type
    WHEN 'text'::text THEN (content IS NOT NULL)
    ELSE (num_nonnulls(url, media_id) = 1)
END) NOT VALID;


--
-- Name: section_content section_content_media_type; Type: CHECK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE public.section_content
    ADD CONSTRAINT section_content_media_type CHECK (((media_id IS NULL) OR (content_type = ANY (ARRAY['image'::text, 'embed'::text])))) NOT VALID;


--
-- Name: section_content section_content_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.section_content
    ADD CONSTRAINT section_content_pkey PRIMARY KEY (id);


--
-- Name: storage_usage storage_usage_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.storage_usage
    ADD CONSTRAINT storage_usage_pkey PRIMARY KEY (user_id);


--
-- Name: subscription_tiers subscription_tiers_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.subscription_tiers
    ADD CONSTRAINT subscription_tiers_name_key UNIQUE (name);


--
-- Name: subscription_tiers subscription_tiers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.subscription_tiers
    ADD CONSTRAINT subscription_tiers_pkey PRIMARY KEY (id);


--
-- Name: user_follows user_follows_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_follows
    ADD CONSTRAINT user_follows_pkey PRIMARY KEY (follower_id, following_id);


--
-- Name: user_lists user_lists_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_lists
    ADD CONSTRAINT user_lists_pkey PRIMARY KEY (id);


--
-- Name: user_profiles user_profiles_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_profiles
    ADD CONSTRAINT user_profiles_pkey PRIMARY KEY (user_id);


--
-- Name: user_subscriptions user_subscriptions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_subscriptions
    ADD CONSTRAINT user_subscriptions_pkey PRIMARY KEY (id);


--
-- Name: user_subscriptions user_subscriptions_provider_subscription_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_subscriptions
    ADD CONSTRAINT user_subscriptions_provider_subscription_id_key UNIQUE (provider_subscription_id);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


--
-- Name: idx_audit_log_user_created; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_audit_log_user_created ON app.audit_log USING btree (user_id, created_at DESC, id DESC);


--
-- Name: idx_comment_likes_comment_created; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_comment_likes_comment_created ON app.comment_likes USING btree (comment_id, created_at DESC, id DESC);


--
-- Name: idx_conversation_members_inbox; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_conversation_members_inbox ON app.conversation_members USING btree (user_id, last_message_at DESC, conversation_id);


--
-- Name: idx_doomed_objects_due; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_doomed_objects_due ON app.doomed_objects USING btree (not_before);


--
-- Name: idx_feed_tokens_feed; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_feed_tokens_feed ON app.feed_tokens USING btree (feed_id, purpose);


--
-- Name: idx_follow_requests_requester_created; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_follow_requests_requester_created ON app.follow_requests USING btree (requester_id, created_at DESC, id DESC);


--
-- Name: idx_follow_requests_target_created; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_follow_requests_target_created ON app.follow_requests USING btree (target_id, created_at DESC, id DESC);


--
-- Name: idx_idempotency_keys_created; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_idempotency_keys_created ON app.idempotency_keys USING btree (created_at);


--
-- Name: idx_pending_uploads_expires; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_pending_uploads_expires ON app.pending_uploads USING btree (expires_at);


--
-- Name: idx_pending_uploads_lease; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_pending_uploads_lease ON app.pending_uploads USING btree (lease_until) WHERE (lease_until IS NOT NULL);


--
-- Name: idx_pending_uploads_user_created; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_pending_uploads_user_created ON app.pending_uploads USING btree (user_id, created_at DESC, id DESC) INCLUDE (file_size_bytes);


--
-- Name: idx_post_mentions_user; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_post_mentions_user ON app.post_mentions USING btree (user_id);


--
-- Name: idx_post_revisions_post; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_post_revisions_post ON app.post_revisions USING btree (post_id, replaced_at DESC, id DESC);


--
-- Name: idx_post_search_created; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_post_search_created ON app.post_search USING btree (created_at DESC, post_id DESC);


--
-- Name: idx_post_search_texts; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_post_search_texts ON app.post_search USING gin (document, texts public.gin_trgm_ops) WITH (fastupdate=off);


--
-- Name: idx_sessions_expires; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_sessions_expires ON app.sessions USING btree (expires_at);


--
-- Name: idx_sessions_user_created; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_sessions_user_created ON app.sessions USING btree (user_id, created_at DESC, id DESC);


--
-- Name: idx_sessions_user_unrevoked; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_sessions_user_unrevoked ON app.sessions USING btree (user_id, last_used_at DESC, id DESC) WHERE (revoked_at IS NULL);


--
-- Name: idx_trending_posts_post; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_trending_posts_post ON app.trending_posts USING btree (post_id);


--
-- Name: idx_trending_posts_score; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_trending_posts_score ON app.trending_posts USING btree (hours, score DESC, post_id DESC);


--
-- Name: idx_user_blocks_blocked; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_user_blocks_blocked ON app.user_blocks USING btree (blocked_id, blocker_id);


--
-- Name: idx_user_blocks_blocker_created; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_user_blocks_blocker_created ON app.user_blocks USING btree (blocker_id, created_at DESC, blocked_id DESC);


--
-- Name: idx_user_mutes_muted; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_user_mutes_muted ON app.user_mutes USING btree (muted_id);


--
-- Name: idx_user_mutes_muter_created; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_user_mutes_muter_created ON app.user_mutes USING btree (muter_id, created_at DESC, muted_id DESC);


--
-- Name: idx_user_search_block_names; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_user_search_block_names ON app.user_search USING gin (block, names public.gin_trgm_ops) WITH (fastupdate=off);


--
-- Name: idx_user_search_name; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_user_search_name ON app.user_search USING btree (name, user_id) WHERE (name IS NOT NULL);


--
-- Name: idx_user_search_username; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_user_search_username ON app.user_search USING btree (username, user_id);


--
-- Name: idx_verification_tokens_expires; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_verification_tokens_expires ON app.verification_tokens USING btree (expires_at);


--
-- Name: idx_verification_tokens_user_created; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX idx_verification_tokens_user_created ON app.verification_tokens USING btree (user_id, created_at DESC, id DESC);


--
-- Name: mute_words_word_key; Type: INDEX; Schema: app; Owner: -
--

CREATE UNIQUE INDEX mute_words_word_key ON app.mute_words USING btree (user_id, lower(word));


--
-- Name: idx_procrastinate_jobs_worker_not_null; Type: INDEX; Schema: jobs; Owner: -
--

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON jobs.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::jobs.procrastinate_job_status));


--
-- Name: idx_procrastinate_workers_last_heartbeat; Type: INDEX; Schema: jobs; Owner: -
--

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON jobs.procrastinate_workers USING btree (last_heartbeat);


--
-- Name: procrastinate_events_job_id_fkey_v1; Type: INDEX; Schema: jobs; Owner: -
--

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON jobs.procrastinate_events USING btree (job_id);


--
-- Name: procrastinate_jobs_id_lock_idx_v1; Type: INDEX; Schema: jobs; Owner: -
--

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON jobs.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::jobs.procrastinate_job_status, 'doing'::jobs.procrastinate_job_status]));


--
-- Name: procrastinate_jobs_lock_idx_v1; Type: INDEX; Schema: jobs; Owner: -
--

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON jobs.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::jobs.procrastinate_job_status);


--
-- Name: procrastinate_jobs_priority_idx_v1; Type: INDEX; Schema: jobs; Owner: -
--

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON jobs.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::jobs.procrastinate_job_status);


--
-- Name: procrastinate_jobs_queue_name_idx_v1; Type: INDEX; Schema: jobs; Owner: -
--

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON jobs.procrastinate_jobs USING btree (queue_name);


--
-- Name: procrastinate_jobs_queueing_lock_idx_v1; Type: INDEX; Schema: jobs; Owner: -
--

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON jobs.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::jobs.procrastinate_job_status);


--
-- Name: procrastinate_periodic_defers_job_id_fkey_v1; Type: INDEX; Schema: jobs; Owner: -
--

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON jobs.procrastinate_periodic_defers USING btree (job_id);


--
-- Name: conversations_direct_pair_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX conversations_direct_pair_key ON public.conversations USING btree (participant_ids) WHERE (kind = 'direct'::text);


--
-- Name: custom_feeds_user_default_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX custom_feeds_user_default_key ON public.custom_feeds USING btree (user_id) WHERE is_default;


--
-- Name: custom_feeds_user_name_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX custom_feeds_user_name_key ON public.custom_feeds USING btree (user_id, lower(name));


--
-- Name: idx_comments_parent_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_comments_parent_created ON public.comments USING btree (parent_comment_id, created_at, id) WHERE (parent_comment_id IS NOT NULL);


--
-- Name: idx_comments_parent_shown; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_comments_parent_shown ON public.comments USING btree (parent_comment_id, created_at, id) WHERE ((parent_comment_id IS NOT NULL) AND ((deleted_at IS NULL) OR (replies_count > 0)));


--
-- Name: idx_comments_post_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_comments_post_created ON public.comments USING btree (post_id, created_at DESC) WHERE (deleted_at IS NULL);


--
-- Name: idx_comments_post_shown; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_comments_post_shown ON public.comments USING btree (post_id, created_at DESC, id DESC) WHERE ((parent_comment_id IS NULL) AND ((deleted_at IS NULL) OR (replies_count > 0)));


--
-- Name: idx_comments_post_thread; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_comments_post_thread ON public.comments USING btree (post_id, created_at DESC, id DESC) WHERE (parent_comment_id IS NULL);


--
-- Name: idx_comments_unrendered; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_comments_unrendered ON public.comments USING btree (id) WHERE (content_html IS NULL);


--
-- Name: idx_comments_user_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_comments_user_created ON public.comments USING btree (user_id, created_at DESC, id DESC);


--
-- Name: idx_conversations_participants_gin; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_conversations_participants_gin ON public.conversations USING gin (participant_ids);


--
-- Name: idx_custom_feeds_forked_from; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_custom_feeds_forked_from ON public.custom_feeds USING btree (forked_from_id) WHERE (forked_from_id IS NOT NULL);


--
-- Name: idx_custom_feeds_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_custom_feeds_user ON public.custom_feeds USING btree (user_id, display_order, id);


--
-- Name: idx_feed_filters_type; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_feed_filters_type ON public.feed_filters USING btree (type);


--
-- Name: idx_friendships_user1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_friendships_user1 ON public.friendships USING btree (user_id_1, created_at DESC);


--
-- Name: idx_friendships_user2; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_friendships_user2 ON public.friendships USING btree (user_id_2, created_at DESC);


--
-- Name: idx_list_members_list_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_list_members_list_created ON public.list_members USING btree (list_id, created_at DESC, user_id DESC);


--
-- Name: idx_list_members_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_list_members_user ON public.list_members USING btree (user_id);


--
-- Name: idx_messages_conversation_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_messages_conversation_created ON public.messages USING btree (conversation_id, created_at DESC, id DESC);


--
-- Name: idx_messages_conversation_unread; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_messages_conversation_unread ON public.messages USING btree (conversation_id, id) INCLUDE (sender_id) WHERE (deleted_at IS NULL);


--
-- Name: idx_messages_conversation_written; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_messages_conversation_written ON public.messages USING btree (conversation_id, written_in) WHERE (written_in IS NOT NULL);


--
-- Name: idx_messages_sender_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_messages_sender_created ON public.messages USING btree (sender_id, created_at DESC, id DESC) WHERE (sender_id IS NOT NULL);


--
-- Name: idx_notifications_actor_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_notifications_actor_user ON public.notifications USING btree (actor_id, user_id) WHERE (actor_id IS NOT NULL);


--
-- Name: idx_notifications_comment; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_notifications_comment ON public.notifications USING btree (comment_id) WHERE (comment_id IS NOT NULL);


--
-- Name: idx_notifications_conversation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_notifications_conversation ON public.notifications USING btree (conversation_id) WHERE (conversation_id IS NOT NULL);


--
-- Name: idx_notifications_conversation_unread; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_notifications_conversation_unread ON public.notifications USING btree (user_id, conversation_id, id) WHERE ((NOT is_read) AND (conversation_id IS NOT NULL));


--
-- Name: idx_notifications_message; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_notifications_message ON public.notifications USING btree (message_id) WHERE (message_id IS NOT NULL);


--
-- Name: idx_notifications_post; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_notifications_post ON public.notifications USING btree (post_id) WHERE (post_id IS NOT NULL);


--
-- Name: idx_notifications_user_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_notifications_user_created ON public.notifications USING btree (user_id, created_at DESC, id DESC);


--
-- Name: idx_notifications_user_type; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_notifications_user_type ON public.notifications USING btree (user_id, type, created_at DESC, id DESC);


--
-- Name: idx_notifications_user_unread; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_notifications_user_unread ON public.notifications USING btree (user_id, created_at DESC) WHERE (NOT is_read);


--
-- Name: idx_notifications_user_written; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_notifications_user_written ON public.notifications USING btree (user_id, written_in) WHERE (written_in IS NOT NULL);


--
-- Name: idx_notifications_without_actor; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_notifications_without_actor ON public.notifications USING btree (id) WHERE ((actor_id IS NULL) AND (type <> 'system'::public.notification_type));


--
-- Name: idx_post_interactions_post_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_post_interactions_post_created ON public.post_interactions USING btree (post_id, type, created_at DESC, id DESC);


--
-- Name: idx_post_interactions_user_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_post_interactions_user_created ON public.post_interactions USING btree (user_id, type, created_at DESC, id DESC);


--
-- Name: idx_post_media_post_order; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_post_media_post_order ON public.post_media USING btree (post_id, display_order, id);


--
-- Name: idx_post_media_user_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_post_media_user_created ON public.post_media USING btree (user_id, created_at DESC, id DESC);


--
-- Name: idx_post_media_user_pictures; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_post_media_user_pictures ON public.post_media USING btree (user_id, created_at DESC, id DESC) WHERE (type = ANY (ARRAY['image'::public.media_type, 'gif'::public.media_type]));


--
-- Name: idx_post_media_user_size; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_post_media_user_size ON public.post_media USING btree (user_id, file_size_bytes) INCLUDE (type);


--
-- Name: idx_posts_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_posts_created ON public.posts USING btree (created_at DESC, id DESC) INCLUDE (user_id) WHERE (status = 'published'::public.post_status);


--
-- Name: idx_posts_deleted; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_posts_deleted ON public.posts USING btree (deleted_at) WHERE (status = 'deleted'::public.post_status);


--
-- Name: idx_posts_engagement_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_posts_engagement_created ON public.posts USING btree (engagement_bucket DESC, created_at DESC, id DESC) WHERE (status = 'published'::public.post_status);


--
-- Name: idx_posts_media_urls_gin; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_posts_media_urls_gin ON public.posts USING gin (media_urls jsonb_path_ops);


--
-- Name: idx_posts_scheduled; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_posts_scheduled ON public.posts USING btree (scheduled_for) WHERE (status = 'scheduled'::public.post_status);


--
-- Name: idx_posts_tags_gin; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_posts_tags_gin ON public.posts USING gin (tags);


--
-- Name: idx_posts_unrendered; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_posts_unrendered ON public.posts USING btree (id) WHERE ((content_html IS NULL) AND (content IS NOT NULL));


--
-- Name: idx_posts_user_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_posts_user_created ON public.posts USING btree (user_id, created_at DESC, id DESC) WHERE (status = 'published'::public.post_status);


--
-- Name: idx_posts_user_deleted; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_posts_user_deleted ON public.posts USING btree (user_id, deleted_at DESC, id DESC) WHERE (status = 'deleted'::public.post_status);


--
-- Name: idx_posts_user_drafts; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_posts_user_drafts ON public.posts USING btree (user_id, updated_at DESC, id DESC) WHERE (status = 'draft'::public.post_status);


--
-- Name: idx_posts_user_scheduled; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_posts_user_scheduled ON public.posts USING btree (user_id, (((('-1000000'::integer)::numeric * EXTRACT(epoch FROM (scheduled_for AT TIME ZONE 'UTC'::text))))::bigint) DESC, id DESC) WHERE (status = 'scheduled'::public.post_status);


--
-- Name: idx_posts_user_shared; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_posts_user_shared ON public.posts USING btree (user_id, created_at DESC, id DESC) WHERE ((status = 'published'::public.post_status) AND (visibility <> 'private'::public.visibility));


--
-- Name: idx_posts_user_status_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_posts_user_status_created ON public.posts USING btree (user_id, status, created_at DESC, id DESC);


--
-- Name: idx_profile_sections_user_order; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_profile_sections_user_order ON public.profile_sections USING btree (user_id, display_order, id);


--
-- Name: idx_reposts_post_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_reposts_post_created ON public.reposts USING btree (post_id, created_at DESC, id DESC);


--
-- Name: idx_reposts_user_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_reposts_user_created ON public.reposts USING btree (user_id, created_at DESC, id DESC);


--
-- Name: idx_section_content_media; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_section_content_media ON public.section_content USING btree (media_id) WHERE (media_id IS NOT NULL);


--
-- Name: idx_section_content_section_order; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_section_content_section_order ON public.section_content USING btree (section_id, display_order, id);


--
-- Name: idx_user_follows_follower; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_user_follows_follower ON public.user_follows USING btree (follower_id, created_at DESC) INCLUDE (following_id);


--
-- Name: idx_user_follows_following; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_user_follows_following ON public.user_follows USING btree (following_id, created_at DESC) INCLUDE (follower_id);


--
-- Name: idx_user_lists_user_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_user_lists_user_created ON public.user_lists USING btree (user_id, created_at DESC, id DESC);


--
-- Name: idx_user_profiles_avatar; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_user_profiles_avatar ON public.user_profiles USING btree (avatar_media_id) WHERE (avatar_media_id IS NOT NULL);


--
-- Name: idx_user_profiles_style_config_gin; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_user_profiles_style_config_gin ON public.user_profiles USING gin (style_config jsonb_path_ops);


--
-- Name: idx_user_subscriptions_tier; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_user_subscriptions_tier ON public.user_subscriptions USING btree (tier_id);


--
-- Name: idx_user_subscriptions_user_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_user_subscriptions_user_created ON public.user_subscriptions USING btree (user_id, created_at DESC, id DESC);


--
-- Name: idx_users_deleted; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_users_deleted ON public.users USING btree (deleted_at, id) WHERE ((status = 'deleted'::public.user_status) AND (status_before_delete IS NOT NULL));


--
-- Name: idx_users_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_users_status ON public.users USING btree (status) WHERE (status <> 'active'::public.user_status);


--
-- Name: notifications_comment_once_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX notifications_comment_once_key ON public.notifications USING btree (comment_id, user_id) WHERE ((comment_id IS NOT NULL) AND (type = ANY (ARRAY['comment'::public.notification_type, 'mention'::public.notification_type])));


--
-- Name: notifications_mention_once_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX notifications_mention_once_key ON public.notifications USING btree (post_id, user_id) WHERE ((type = 'mention'::public.notification_type) AND (comment_id IS NULL));


--
-- Name: notifications_person_once_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX notifications_person_once_key ON public.notifications USING btree (user_id, actor_id, type) WHERE (type = ANY (ARRAY['follow'::public.notification_type, 'friend_request'::public.notification_type]));


--
-- Name: notifications_post_once_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX notifications_post_once_key ON public.notifications USING btree (user_id, actor_id, post_id, type) WHERE (type = ANY (ARRAY['like'::public.notification_type, 'repost'::public.notification_type]));


--
-- Name: post_media_upload_id_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX post_media_upload_id_key ON public.post_media USING btree (upload_id);


--
-- Name: user_lists_user_name_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX user_lists_user_name_key ON public.user_lists USING btree (user_id, lower(name));


--
-- Name: user_subscriptions_one_active_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX user_subscriptions_one_active_key ON public.user_subscriptions USING btree (user_id) WHERE (status = 'active'::public.subscription_status);


--
-- Name: users_email_folded_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX users_email_folded_key ON public.users USING btree (lower((email COLLATE "C")));


--
-- Name: users_username_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX users_username_key ON public.users USING btree (lower(username));


--
-- Name: pending_uploads doom_objects_of_uploads; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER doom_objects_of_uploads AFTER DELETE ON app.pending_uploads REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.doom_objects_of_uploads();


--
-- Name: comment_likes update_comment_likes_count_on_delete; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER update_comment_likes_count_on_delete AFTER DELETE ON app.comment_likes REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_likes_count('-1');


--
-- Name: comment_likes update_comment_likes_count_on_insert; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER update_comment_likes_count_on_insert AFTER INSERT ON app.comment_likes REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_likes_count('1');


--
-- Name: comment_likes update_comment_likes_count_on_update_from; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER update_comment_likes_count_on_update_from AFTER UPDATE ON app.comment_likes REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_likes_count('-1');


--
-- Name: comment_likes update_comment_likes_count_on_update_to; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER update_comment_likes_count_on_update_to AFTER UPDATE ON app.comment_likes REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_likes_count('1');


--
-- Name: user_settings update_updated_at_column; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER update_updated_at_column BEFORE UPDATE ON app.user_settings FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();


--
-- Name: procrastinate_jobs procrastinate_jobs_notify_queue_job_aborted_v1; Type: TRIGGER; Schema: jobs; Owner: -
--

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON jobs.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::jobs.procrastinate_job_status))) EXECUTE FUNCTION jobs.procrastinate_notify_queue_abort_job_v1();


--
-- Name: procrastinate_jobs procrastinate_jobs_notify_queue_job_inserted_v1; Type: TRIGGER; Schema: jobs; Owner: -
--

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON jobs.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::jobs.procrastinate_job_status)) EXECUTE FUNCTION jobs.procrastinate_notify_queue_job_inserted_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_abort_requested_events_v1; Type: TRIGGER; Schema: jobs; Owner: -
--

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON jobs.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION jobs.procrastinate_trigger_abort_requested_events_procedure_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_delete_jobs_v1; Type: TRIGGER; Schema: jobs; Owner: -
--

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON jobs.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION jobs.procrastinate_unlink_periodic_defers_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_scheduled_events_v1; Type: TRIGGER; Schema: jobs; Owner: -
--

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON jobs.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::jobs.procrastinate_job_status))) EXECUTE FUNCTION jobs.procrastinate_trigger_function_scheduled_events_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_status_events_insert_v1; Type: TRIGGER; Schema: jobs; Owner: -
--

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON jobs.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::jobs.procrastinate_job_status)) EXECUTE FUNCTION jobs.procrastinate_trigger_function_status_events_insert_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_status_events_update_v1; Type: TRIGGER; Schema: jobs; Owner: -
--

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON jobs.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION jobs.procrastinate_trigger_function_status_events_update_v1();


--
-- Name: user_follows create_friendship_on_mutual_follow_on_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER create_friendship_on_mutual_follow_on_delete AFTER DELETE ON public.user_follows REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.create_friendship_on_mutual_follow();


--
-- Name: user_follows create_friendship_on_mutual_follow_on_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER create_friendship_on_mutual_follow_on_insert AFTER INSERT ON public.user_follows REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.create_friendship_on_mutual_follow();


--
-- Name: user_follows create_friendship_on_mutual_follow_on_update_from; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER create_friendship_on_mutual_follow_on_update_from AFTER UPDATE ON public.user_follows REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.create_friendship_on_mutual_follow();


--
-- Name: user_follows create_friendship_on_mutual_follow_on_update_to; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER create_friendship_on_mutual_follow_on_update_to AFTER UPDATE ON public.user_follows REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.create_friendship_on_mutual_follow();


--
-- Name: users create_user_counts; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER create_user_counts AFTER INSERT ON public.users REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.create_user_counts();


--
-- Name: post_media doom_objects_of_media; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER doom_objects_of_media AFTER DELETE ON public.post_media REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.doom_objects_of_media();


--
-- Name: posts index_post_on_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER index_post_on_insert AFTER INSERT ON public.posts FOR EACH ROW WHEN ((new.status = 'published'::public.post_status)) EXECUTE FUNCTION app.index_post();


--
-- Name: posts index_post_on_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER index_post_on_update AFTER UPDATE OF user_id, type, status, visibility, title, content, language, tags, media_urls, created_at ON public.posts FOR EACH ROW WHEN (((new.status = 'published'::public.post_status) OR (old.status = 'published'::public.post_status))) EXECUTE FUNCTION app.index_post();


--
-- Name: user_profiles index_profile_on_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER index_profile_on_insert AFTER INSERT ON public.user_profiles FOR EACH ROW EXECUTE FUNCTION app.index_changed_profile();


--
-- Name: user_profiles index_profile_on_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER index_profile_on_update AFTER UPDATE OF display_name, visibility ON public.user_profiles FOR EACH ROW WHEN (((new.display_name IS DISTINCT FROM old.display_name) OR (new.visibility <> old.visibility))) EXECUTE FUNCTION app.index_changed_profile();


--
-- Name: users index_user_on_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER index_user_on_insert AFTER INSERT ON public.users FOR EACH ROW WHEN ((new.status = 'active'::public.user_status)) EXECUTE FUNCTION app.index_changed_user();


--
-- Name: users index_user_on_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER index_user_on_update AFTER UPDATE OF username, status ON public.users FOR EACH ROW WHEN (((new.username <> old.username) OR (new.status <> old.status))) EXECUTE FUNCTION app.index_changed_user();


--
-- Name: conversations sort_participants; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER sort_participants BEFORE INSERT OR UPDATE OF participant_ids ON public.conversations FOR EACH ROW EXECUTE FUNCTION app.sort_participants();


--
-- Name: comments stamp_comment_depth; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER stamp_comment_depth BEFORE INSERT ON public.comments FOR EACH ROW WHEN ((new.parent_comment_id IS NOT NULL)) EXECUTE FUNCTION app.stamp_comment_depth();


--
-- Name: posts stamp_publication; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER stamp_publication BEFORE INSERT OR UPDATE OF status ON public.posts FOR EACH ROW WHEN ((new.status = 'published'::public.post_status)) EXECUTE FUNCTION app.stamp_publication();


--
-- Name: posts track_deletion; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER track_deletion BEFORE UPDATE OF status ON public.posts FOR EACH ROW WHEN (((old.status = 'deleted'::public.post_status) <> (new.status = 'deleted'::public.post_status))) EXECUTE FUNCTION app.track_deletion();


--
-- Name: users track_deletion; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER track_deletion BEFORE UPDATE OF status ON public.users FOR EACH ROW WHEN (((old.status = 'deleted'::public.user_status) <> (new.status = 'deleted'::public.user_status))) EXECUTE FUNCTION app.track_deletion();


--
-- Name: comments update_comment_depth; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_comment_depth AFTER UPDATE ON public.comments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_depth();


--
-- Name: comments update_comment_replies_count_on_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_comment_replies_count_on_delete AFTER DELETE ON public.comments REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_replies_count('-1');


--
-- Name: comments update_comment_replies_count_on_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_comment_replies_count_on_insert AFTER INSERT ON public.comments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_replies_count('1');


--
-- Name: comments update_comment_replies_count_on_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_comment_replies_count_on_update AFTER UPDATE ON public.comments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_replies_count();


--
-- Name: comments update_post_comments_count_on_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_post_comments_count_on_delete AFTER DELETE ON public.comments REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_comments_count('-1');


--
-- Name: comments update_post_comments_count_on_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_post_comments_count_on_insert AFTER INSERT ON public.comments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_comments_count('1');


--
-- Name: comments update_post_comments_count_on_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_post_comments_count_on_update AFTER UPDATE ON public.comments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_comments_count();


--
-- Name: post_interactions update_post_likes_count_on_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_post_likes_count_on_delete AFTER DELETE ON public.post_interactions REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_likes_count('-1');


--
-- Name: post_interactions update_post_likes_count_on_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_post_likes_count_on_insert AFTER INSERT ON public.post_interactions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_likes_count('1');


--
-- Name: post_interactions update_post_likes_count_on_update_from; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_post_likes_count_on_update_from AFTER UPDATE ON public.post_interactions REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_likes_count('-1');


--
-- Name: post_interactions update_post_likes_count_on_update_to; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_post_likes_count_on_update_to AFTER UPDATE ON public.post_interactions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_likes_count('1');


--
-- Name: reposts update_post_reposts_count_on_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_post_reposts_count_on_delete AFTER DELETE ON public.reposts REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_reposts_count('-1');


--
-- Name: reposts update_post_reposts_count_on_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_post_reposts_count_on_insert AFTER INSERT ON public.reposts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_reposts_count('1');


--
-- Name: reposts update_post_reposts_count_on_update_from; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_post_reposts_count_on_update_from AFTER UPDATE ON public.reposts REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_reposts_count('-1');


--
-- Name: reposts update_post_reposts_count_on_update_to; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_post_reposts_count_on_update_to AFTER UPDATE ON public.reposts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_reposts_count('1');


--
-- Name: post_media update_storage_on_media_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_storage_on_media_delete AFTER DELETE ON public.post_media REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_storage_on_media_delete();


--
-- Name: post_media update_storage_on_media_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_storage_on_media_insert AFTER INSERT ON public.post_media REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_storage_on_media_insert();


--
-- Name: post_media update_storage_on_media_update_from; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_storage_on_media_update_from AFTER UPDATE ON public.post_media REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_storage_on_media_delete();


--
-- Name: post_media update_storage_on_media_update_to; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_storage_on_media_update_to AFTER UPDATE ON public.post_media REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_storage_on_media_insert();


--
-- Name: comments update_updated_at_column; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_updated_at_column BEFORE UPDATE OF content, edited_at, deleted_at ON public.comments FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();


--
-- Name: custom_feeds update_updated_at_column; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_updated_at_column BEFORE UPDATE OF name, description, algorithm_config, rules_version ON public.custom_feeds FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();


--
-- Name: posts update_updated_at_column; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_updated_at_column BEFORE UPDATE OF type, status, visibility, title, content, tags, language, is_language_detected, media_urls, thumbnail_url, scheduled_for, edited_at ON public.posts FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();


--
-- Name: profile_sections update_updated_at_column; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_updated_at_column BEFORE UPDATE ON public.profile_sections FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();


--
-- Name: section_content update_updated_at_column; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_updated_at_column BEFORE UPDATE ON public.section_content FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();


--
-- Name: user_lists update_updated_at_column; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_updated_at_column BEFORE UPDATE ON public.user_lists FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();


--
-- Name: user_profiles update_updated_at_column; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_updated_at_column BEFORE UPDATE ON public.user_profiles FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();


--
-- Name: user_subscriptions update_updated_at_column; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_updated_at_column BEFORE UPDATE ON public.user_subscriptions FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();


--
-- Name: users update_updated_at_column; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_updated_at_column BEFORE UPDATE OF username, email, email_verified, password_hash, status ON public.users FOR EACH ROW EXECUTE FUNCTION app.update_updated_at_column();


--
-- Name: user_follows update_user_follow_counts_on_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_user_follow_counts_on_delete AFTER DELETE ON public.user_follows REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_follow_counts('-1');


--
-- Name: user_follows update_user_follow_counts_on_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_user_follow_counts_on_insert AFTER INSERT ON public.user_follows REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_follow_counts('1');


--
-- Name: user_follows update_user_follow_counts_on_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_user_follow_counts_on_update AFTER UPDATE ON public.user_follows REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_follow_counts();


--
-- Name: friendships update_user_friends_count_on_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_user_friends_count_on_delete AFTER DELETE ON public.friendships REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_friends_count('-1');


--
-- Name: friendships update_user_friends_count_on_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_user_friends_count_on_insert AFTER INSERT ON public.friendships REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_friends_count('1');


--
-- Name: friendships update_user_friends_count_on_update_from; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_user_friends_count_on_update_from AFTER UPDATE ON public.friendships REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_friends_count('-1');


--
-- Name: friendships update_user_friends_count_on_update_to; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_user_friends_count_on_update_to AFTER UPDATE ON public.friendships REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_friends_count('1');


--
-- Name: posts update_user_posts_count_on_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_user_posts_count_on_delete AFTER DELETE ON public.posts REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_posts_count('-1');


--
-- Name: posts update_user_posts_count_on_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_user_posts_count_on_insert AFTER INSERT ON public.posts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_posts_count('1');


--
-- Name: posts update_user_posts_count_on_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER update_user_posts_count_on_update AFTER UPDATE ON public.posts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_posts_count();


--
-- Name: audit_log audit_log_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.audit_log
    ADD CONSTRAINT audit_log_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL;


--
-- Name: comment_likes comment_likes_comment_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.comment_likes
    ADD CONSTRAINT comment_likes_comment_id_fkey FOREIGN KEY (comment_id) REFERENCES public.comments(id) ON DELETE CASCADE;


--
-- Name: comment_likes comment_likes_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.comment_likes
    ADD CONSTRAINT comment_likes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: conversation_members conversation_members_conversation_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.conversation_members
    ADD CONSTRAINT conversation_members_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;


--
-- Name: conversation_members conversation_members_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.conversation_members
    ADD CONSTRAINT conversation_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: ended_conversations ended_conversations_conversation_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.ended_conversations
    ADD CONSTRAINT ended_conversations_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;


--
-- Name: feed_markers feed_markers_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.feed_markers
    ADD CONSTRAINT feed_markers_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: feed_opt_outs feed_opt_outs_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.feed_opt_outs
    ADD CONSTRAINT feed_opt_outs_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: feed_pins feed_pins_feed_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.feed_pins
    ADD CONSTRAINT feed_pins_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES public.custom_feeds(id) ON DELETE CASCADE;


--
-- Name: feed_pins feed_pins_post_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.feed_pins
    ADD CONSTRAINT feed_pins_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;


--
-- Name: feed_tokens feed_tokens_feed_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.feed_tokens
    ADD CONSTRAINT feed_tokens_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES public.custom_feeds(id) ON DELETE CASCADE;


--
-- Name: follow_requests follow_requests_requester_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.follow_requests
    ADD CONSTRAINT follow_requests_requester_id_fkey FOREIGN KEY (requester_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: follow_requests follow_requests_target_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.follow_requests
    ADD CONSTRAINT follow_requests_target_id_fkey FOREIGN KEY (target_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: idempotency_keys idempotency_keys_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.idempotency_keys
    ADD CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: message_replies message_replies_message_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.message_replies
    ADD CONSTRAINT message_replies_message_id_fkey FOREIGN KEY (message_id) REFERENCES public.messages(id) ON DELETE CASCADE;


--
-- Name: mute_words mute_words_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.mute_words
    ADD CONSTRAINT mute_words_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: pending_uploads pending_uploads_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.pending_uploads
    ADD CONSTRAINT pending_uploads_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: post_mentions post_mentions_post_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.post_mentions
    ADD CONSTRAINT post_mentions_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;


--
-- Name: post_mentions post_mentions_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.post_mentions
    ADD CONSTRAINT post_mentions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: post_revisions post_revisions_post_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.post_revisions
    ADD CONSTRAINT post_revisions_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;


--
-- Name: post_search post_search_post_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.post_search
    ADD CONSTRAINT post_search_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;


--
-- Name: profile_versions profile_versions_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.profile_versions
    ADD CONSTRAINT profile_versions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: seen_marks seen_marks_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.seen_marks
    ADD CONSTRAINT seen_marks_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: seen_posts seen_posts_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.seen_posts
    ADD CONSTRAINT seen_posts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: sessions sessions_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: trending_posts trending_posts_post_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.trending_posts
    ADD CONSTRAINT trending_posts_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;


--
-- Name: user_blocks user_blocks_blocked_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.user_blocks
    ADD CONSTRAINT user_blocks_blocked_id_fkey FOREIGN KEY (blocked_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: user_blocks user_blocks_blocker_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.user_blocks
    ADD CONSTRAINT user_blocks_blocker_id_fkey FOREIGN KEY (blocker_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: user_counts user_counts_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.user_counts
    ADD CONSTRAINT user_counts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: user_mutes user_mutes_muted_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.user_mutes
    ADD CONSTRAINT user_mutes_muted_id_fkey FOREIGN KEY (muted_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: user_mutes user_mutes_muter_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.user_mutes
    ADD CONSTRAINT user_mutes_muter_id_fkey FOREIGN KEY (muter_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: user_search user_search_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.user_search
    ADD CONSTRAINT user_search_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: user_settings user_settings_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.user_settings
    ADD CONSTRAINT user_settings_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: verification_tokens verification_tokens_user_id_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.verification_tokens
    ADD CONSTRAINT verification_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: procrastinate_events procrastinate_events_job_id_fkey; Type: FK CONSTRAINT; Schema: jobs; Owner: -
--

ALTER TABLE ONLY jobs.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs.procrastinate_jobs(id) ON DELETE CASCADE;


--
-- Name: procrastinate_jobs procrastinate_jobs_worker_id_fkey; Type: FK CONSTRAINT; Schema: jobs; Owner: -
--

ALTER TABLE ONLY jobs.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES jobs.procrastinate_workers(id) ON DELETE SET NULL;


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_job_id_fkey; Type: FK CONSTRAINT; Schema: jobs; Owner: -
--

ALTER TABLE ONLY jobs.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs.procrastinate_jobs(id);


--
-- Name: comments comments_parent_on_same_post_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_parent_on_same_post_fkey FOREIGN KEY (post_id, parent_comment_id) REFERENCES public.comments(post_id, id) ON DELETE SET NULL (parent_comment_id);


--
-- Name: comments comments_post_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;


--
-- Name: comments comments_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: custom_feeds custom_feeds_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.custom_feeds
    ADD CONSTRAINT custom_feeds_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: feed_filters feed_filters_feed_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.feed_filters
    ADD CONSTRAINT feed_filters_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES public.custom_feeds(id) ON DELETE CASCADE;


--
-- Name: friendships friendships_user_id_1_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.friendships
    ADD CONSTRAINT friendships_user_id_1_fkey FOREIGN KEY (user_id_1) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: friendships friendships_user_id_2_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.friendships
    ADD CONSTRAINT friendships_user_id_2_fkey FOREIGN KEY (user_id_2) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: list_members list_members_list_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.list_members
    ADD CONSTRAINT list_members_list_id_fkey FOREIGN KEY (list_id) REFERENCES public.user_lists(id) ON DELETE CASCADE;


--
-- Name: list_members list_members_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.list_members
    ADD CONSTRAINT list_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: messages messages_conversation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;


--
-- Name: messages messages_sender_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES public.users(id) ON DELETE SET NULL;


--
-- Name: notifications notifications_actor_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.users(id) ON DELETE SET NULL;


--
-- Name: notifications notifications_comment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_comment_id_fkey FOREIGN KEY (comment_id) REFERENCES public.comments(id) ON DELETE CASCADE;


--
-- Name: notifications notifications_conversation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;


--
-- Name: notifications notifications_post_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;


--
-- Name: notifications notifications_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: post_interactions post_interactions_post_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.post_interactions
    ADD CONSTRAINT post_interactions_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;


--
-- Name: post_interactions post_interactions_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.post_interactions
    ADD CONSTRAINT post_interactions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: post_media post_media_post_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.post_media
    ADD CONSTRAINT post_media_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;


--
-- Name: post_media post_media_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.post_media
    ADD CONSTRAINT post_media_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: posts posts_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: profile_sections profile_sections_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.profile_sections
    ADD CONSTRAINT profile_sections_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: reposts reposts_post_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reposts
    ADD CONSTRAINT reposts_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;


--
-- Name: reposts reposts_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reposts
    ADD CONSTRAINT reposts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: section_content section_content_media_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.section_content
    ADD CONSTRAINT section_content_media_id_fkey FOREIGN KEY (media_id) REFERENCES public.post_media(id) ON DELETE CASCADE NOT VALID;


--
-- Name: section_content section_content_section_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.section_content
    ADD CONSTRAINT section_content_section_id_fkey FOREIGN KEY (section_id) REFERENCES public.profile_sections(id) ON DELETE CASCADE;


--
-- Name: storage_usage storage_usage_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.storage_usage
    ADD CONSTRAINT storage_usage_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: user_follows user_follows_follower_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_follows
    ADD CONSTRAINT user_follows_follower_id_fkey FOREIGN KEY (follower_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: user_follows user_follows_following_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_follows
    ADD CONSTRAINT user_follows_following_id_fkey FOREIGN KEY (following_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: user_lists user_lists_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_lists
    ADD CONSTRAINT user_lists_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: user_profiles user_profiles_avatar_media_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_profiles
    ADD CONSTRAINT user_profiles_avatar_media_id_fkey FOREIGN KEY (avatar_media_id) REFERENCES public.post_media(id) ON DELETE SET NULL;


--
-- Name: user_profiles user_profiles_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_profiles
    ADD CONSTRAINT user_profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: user_subscriptions user_subscriptions_tier_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_subscriptions
    ADD CONSTRAINT user_subscriptions_tier_id_fkey FOREIGN KEY (tier_id) REFERENCES public.subscription_tiers(id) ON DELETE RESTRICT;


--
-- Name: user_subscriptions user_subscriptions_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_subscriptions
    ADD CONSTRAINT user_subscriptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--

\unrestrict vrss

