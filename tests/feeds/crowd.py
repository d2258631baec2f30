"""A crowd that feeds are planned for."""

# 500 people and 60 000 posts: a few write most of it, and few posts are liked by many.
CROWD = """
INSERT INTO users (username, email, password_hash)
SELECT 'user_' || n, 'user_' || n || '@example.org', 'x' FROM generate_series(1, 500) AS n;
INSERT INTO user_profiles (user_id, visibility)
SELECT id, CASE WHEN id % 50 = 0 THEN 'followers' ELSE 'public' END::visibility FROM users;
INSERT INTO user_follows (follower_id, following_id) SELECT 1, n FROM generate_series(2, 101) AS n;
INSERT INTO posts (user_id, type, content, likes_count, comments_count, tags, created_at)
SELECT
    1 + (500 * (n * 7919 % 60000 / 60000.0) ^ 3)::integer % 500,
    'text_short',
    'Post ' || n,
    (2000 / (1 + n * 104729 % 60000))::integer,
    (n % 3),
    CASE WHEN n % 10 = 0 THEN '{common}' ELSE '{}' END::text[],
    '2026-01-01 00:00:00+00'::timestamptz - n * interval '1 minute'
FROM generate_series(1::bigint, 60000) AS n;
-- Of somebody who was suspended since, and of two years before all others.
INSERT INTO posts (user_id, type, content, tags, created_at)
SELECT 500, 'text_short', 'hidden words', '{hidden}', '2025-12-31'::timestamptz - n * interval '1 hour'
FROM generate_series(1, 5000) AS n;
INSERT INTO posts (user_id, type, content, tags, created_at)
SELECT 300, 'text_short', 'olden words', '{old}', '2024-01-01'::timestamptz - n * interval '1 hour'
FROM generate_series(1, 30) AS n;
UPDATE users SET status = 'suspended' WHERE id = 500;
ANALYZE;
"""
