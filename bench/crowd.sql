-- A crowd of any size, written by sets: few people write most posts and have most followers, few posts get most
-- comments and likes, few people have most mail. `:posts` says how many posts, `:people` how many people.
-- The same numbers give the same crowd. Low numbers are spread over all ids by a prime, so that what is popular lies
-- nowhere together. Triggers and foreign keys are off: the counters are written as they come.
SET session_replication_role = replica;
SET max_parallel_workers_per_gather = 0;
SELECT setseed(0.42);

-- One of `total` by chance: the larger the slope, the more often the same few.
CREATE FUNCTION pg_temp.pick(total bigint, slope double precision) RETURNS bigint LANGUAGE sql VOLATILE
AS $$SELECT 1 + floor(total * power(random(), slope))::bigint * 7919 % total$$;

INSERT INTO users (username, email, password_hash, status)
SELECT
    'user_' || n,
    'user_' || n || '@example.org',
    'x',
    CASE WHEN n % 97 = 0 THEN 'suspended' ELSE 'active' END::user_status
FROM generate_series(1::bigint, :people) AS n;

INSERT INTO user_profiles (user_id, display_name, bio, visibility)
SELECT
    id,
    'Person ' || id,
    repeat('I make things. ', (id % 12)::integer),
    CASE WHEN id % 19 = 0 THEN 'followers' WHEN id % 101 = 0 THEN 'private' ELSE 'public' END::visibility
FROM users;

INSERT INTO storage_usage (user_id, used_bytes) SELECT id, id * 1000 FROM users;
INSERT INTO app.user_settings (user_id, show_followers) SELECT id, id % 23 <> 0 FROM users WHERE id % 2 = 0;
INSERT INTO app.sessions (user_id, token_hash, expires_at)
SELECT id, sha256(id::text::bytea), now() + interval '7 days' FROM users;

-- Everybody follows some of the popular. The first people are those whom the measurements look through: number 1
-- follows 100 people of all kinds, 2 a thousand, 3 five thousand (as far as there are so many), and 4 a hundred who
-- wrote nothing for a year.
INSERT INTO user_follows (follower_id, following_id, created_at)
SELECT DISTINCT ON (follower, followed) follower, followed, '2024-01-01'::timestamptz + random() * interval '2 years'
FROM (
    SELECT 5 + (n % (:people - 4)) AS follower, 5 + pg_temp.pick(:people - 5, 2.5) AS followed
    FROM generate_series(1::bigint, :people * 30) AS n
) AS follows
WHERE follower <> followed;
INSERT INTO user_follows (follower_id, following_id, created_at)
SELECT viewer, followed, '2024-01-01'::timestamptz + random() * interval '2 years'
FROM (VALUES (1, 100), (2, 1000), (3, 5000)) AS viewers (viewer, size)
CROSS JOIN LATERAL (
    SELECT 10 + n * ((:people - 10) / least(size, :people - 10)) AS followed
    FROM generate_series(0, least(size, :people - 10) - 1) AS n
) AS chosen;
INSERT INTO user_follows (follower_id, following_id) SELECT 4, 7 + 50 * n FROM generate_series(1, 99) AS n;
-- The most popular person follows back: friends in both columns, fans without end.
INSERT INTO user_follows (follower_id, following_id, created_at)
SELECT following_id, follower_id, created_at + interval '1 hour' FROM user_follows
WHERE follower_id > 4 AND following_id > 4
    AND (following_id IN (6, 7925 % :people) OR (follower_id + following_id) % 7 = 0)
ON CONFLICT DO NOTHING;
INSERT INTO friendships (user_id_1, user_id_2, created_at)
SELECT one.follower_id, one.following_id, greatest(one.created_at, other.created_at)
FROM user_follows AS one
INNER JOIN user_follows AS other ON one.follower_id = other.following_id AND one.following_id = other.follower_id
WHERE one.follower_id < one.following_id;

INSERT INTO app.user_blocks (blocker_id, blocked_id)
SELECT n, 1 + (n * 31) % :people FROM generate_series(1::bigint, :people, 3) AS n
WHERE n <> 1 + (n * 31) % :people;
INSERT INTO app.user_mutes (muter_id, muted_id)
SELECT n, 1 + (n * 37) % :people FROM generate_series(1::bigint, :people, 3) AS n
WHERE n <> 1 + (n * 37) % :people;

-- Two years of posts in the order of time. Every fiftieth person stopped after the first year.
INSERT INTO posts (
    user_id, type, status, visibility, content, tags, likes_count, comments_count, published_at, created_at
)
SELECT
    CASE WHEN written.author % 50 = 7 AND written.n > :posts / 2
        THEN written.author + 1 ELSE written.author END,
    (enum_range(NULL::post_type))[1 + n % 9],
    CASE WHEN n % 40 = 0 THEN 'draft' ELSE 'published' END::post_status,
    CASE WHEN n % 11 = 0 THEN 'followers' WHEN n % 29 = 0 THEN 'private' ELSE 'public' END::visibility,
    'Post ' || n || repeat(' with some words', (n % 16)::integer),
    CASE WHEN n % 4 = 0 THEN ARRAY['tag_' || pg_temp.pick(1000, 3)] ELSE '{}' END,
    (2000 / (1 + n * 104729 % :posts))::integer,
    (n % 3)::integer,
    written.at,
    written.at
FROM (
    SELECT
        n,
        pg_temp.pick(:people - 1, 2) AS author,
        '2024-01-01'::timestamptz + n * (interval '2 years' / :posts) AS at
    FROM generate_series(1::bigint, :posts) AS n
) AS written;

INSERT INTO post_media (
    post_id, user_id, type, file_url, object_key, file_size_bytes, mime_type, display_order, created_at
)
SELECT id, user_id, 'image', '/media/a', 'key ' || id, 1000 + id % 100000, 'image/png', 0, created_at
FROM posts WHERE id % 3 = 0;

INSERT INTO comments (post_id, user_id, content, created_at, deleted_at, replies_count)
SELECT
    pg_temp.pick(:posts, 3),
    pg_temp.pick(:people, 1.5),
    'Comment ' || n,
    '2025-01-01'::timestamptz + n * (interval '1 year' / :posts),
    CASE WHEN n % 50 = 0 THEN '2026-01-01'::timestamptz END,
    n % 2
FROM generate_series(1::bigint, :posts) AS n;
INSERT INTO comments (post_id, user_id, parent_comment_id, content, created_at)
SELECT c.post_id, pg_temp.pick(:people, 1.5), c.id, 'Reply ' || n, c.created_at + n * interval '1 second'
FROM (
    SELECT n, pg_temp.pick(:posts, 4) AS parent FROM generate_series(1::bigint, :posts / 5) AS n
) AS replies
INNER JOIN comments AS c ON replies.parent = c.id;

INSERT INTO post_interactions (user_id, post_id, type, created_at)
SELECT DISTINCT ON (person, post)
    person, post, (enum_range(NULL::interaction_type))[1 + (post % 10 = 0)::integer], '2025-06-01'
FROM (
    SELECT pg_temp.pick(:people, 1.5) AS person, pg_temp.pick(:posts, 2.5) AS post
    FROM generate_series(1::bigint, :posts / 2) AS n
) AS likes;
INSERT INTO reposts (user_id, post_id, created_at)
SELECT DISTINCT ON (person, post) person, post, '2025-06-01'::timestamptz + post * interval '1 second'
FROM (
    SELECT pg_temp.pick(:people, 3) AS person, pg_temp.pick(:posts, 1) AS post
    FROM generate_series(1::bigint, :posts / 4) AS n
) AS reposted;

INSERT INTO profile_sections (user_id, type, title, display_order)
SELECT id, (ARRAY['static_text', 'links', 'followers', 'gallery'])[1 + o]::section_type, 'Section ' || o, o
FROM users CROSS JOIN generate_series(0, 3) AS o;
INSERT INTO section_content (section_id, content_type, content)
SELECT id, 'text', 'Text' FROM profile_sections WHERE type = 'static_text';
INSERT INTO custom_feeds (user_id, name, display_order)
SELECT id, 'Feed ' || o, o FROM users CROSS JOIN generate_series(0, 2) AS o;
INSERT INTO feed_filters (feed_id, type, operator, value)
SELECT id, (enum_range(NULL::filter_type))[1 + id % 7], 'equals', '{}' FROM custom_feeds;
INSERT INTO user_lists (user_id, name, is_public) SELECT id, 'List', TRUE FROM users;
INSERT INTO profile_sections (user_id, type, title, config, display_order)
SELECT user_id, 'list', 'My list', jsonb_build_object('list_id', id), 9 FROM user_lists;
INSERT INTO list_members (list_id, user_id, created_at)
SELECT DISTINCT ON (list, person) list, person, '2025-06-01'::timestamptz + person * interval '1 second'
FROM (
    SELECT 1 + power(random(), 4) * (:people - 1) AS list, pg_temp.pick(:people, 1) AS person
    FROM generate_series(1::bigint, :posts / 5) AS n
) AS listed (list_number, person)
CROSS JOIN LATERAL (SELECT listed.list_number::bigint AS list) AS numbered;

INSERT INTO conversations (kind, participant_ids, last_message_at)
SELECT 'group', ARRAY[least(one, other), greatest(one, other)], '2025-01-01'::timestamptz + n * interval '1 minute'
FROM (
    SELECT n, pg_temp.pick(:people, 4) AS one, pg_temp.pick(:people, 1) AS other
    FROM generate_series(1::bigint, :posts / 20) AS n
) AS talks
WHERE one <> other;
INSERT INTO app.conversation_members (conversation_id, user_id, last_message_at)
SELECT c.id, person, c.last_message_at FROM conversations AS c CROSS JOIN unnest(c.participant_ids) AS person;
INSERT INTO messages (conversation_id, sender_id, content, created_at)
SELECT c.id, c.participant_ids[1 + n % 2], 'Message ' || n, '2025-01-01'::timestamptz + n * interval '1 minute'
FROM (
    SELECT n, pg_temp.pick(:posts / 20, 3) AS talk FROM generate_series(1::bigint, :posts / 2) AS n
) AS said
INNER JOIN conversations AS c ON said.talk = c.id;

INSERT INTO notifications (user_id, type, actor_id, title, is_read, read_at, created_at)
SELECT person, 'comment', 1 + person % :people, 'New comment', n % 5 <> 0,
    CASE WHEN n % 5 <> 0 THEN now() END, '2025-01-01'::timestamptz + n * interval '1 minute'
FROM (
    SELECT n, pg_temp.pick(:people, 2.5) AS person FROM generate_series(1::bigint, :posts / 2) AS n
) AS news;

RESET session_replication_role;
RESET max_parallel_workers_per_gather;
