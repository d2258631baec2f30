"""What the counters should say, from the rows that they count; only what differs comes back."""

from typing import LiteralString

import psycopg

POSTS: LiteralString = """
SELECT 'post', p.id, p.likes_count, l.n, p.comments_count, c.n, p.reposts_count, r.n
FROM public.posts AS p,
    LATERAL (SELECT count(*) AS n FROM public.post_interactions WHERE post_id = p.id AND type = 'like') AS l,
    LATERAL (SELECT count(*) AS n FROM public.comments WHERE post_id = p.id AND deleted_at IS NULL) AS c,
    LATERAL (SELECT count(*) AS n FROM public.reposts WHERE post_id = p.id) AS r
WHERE (p.likes_count, p.comments_count, p.reposts_count) <> (l.n, c.n, r.n)
"""

COMMENTS: LiteralString = """
SELECT 'comment', c.id, c.replies_count, r.n, c.likes_count, l.n, c.depth, d.n
FROM public.comments AS c,
    LATERAL (
        SELECT count(*) AS n FROM public.comments
        WHERE parent_comment_id = c.id AND (deleted_at IS NULL OR replies_count > 0)
    ) AS r,
    LATERAL (SELECT count(*) AS n FROM app.comment_likes WHERE comment_id = c.id) AS l,
    LATERAL (
        SELECT coalesce((SELECT depth + 1 FROM public.comments WHERE id = c.parent_comment_id), 0) AS n
    ) AS d
WHERE (c.replies_count, c.likes_count, c.depth) <> (r.n, l.n, d.n)
"""

FRIENDSHIPS: LiteralString = """
SELECT 'friendship', f.*, m.*
FROM public.friendships AS f
FULL JOIN (
    SELECT there.follower_id, there.following_id
    FROM public.user_follows AS there
    JOIN public.user_follows AS back
        ON there.follower_id = back.following_id AND there.following_id = back.follower_id
    WHERE there.follower_id < there.following_id
) AS m ON f.user_id_1 = m.follower_id AND f.user_id_2 = m.following_id
WHERE f.user_id_1 IS NULL OR m.follower_id IS NULL
"""

STORAGE: LiteralString = """
SELECT 'storage', u.id, s.*, m.*
FROM public.users AS u
LEFT JOIN public.storage_usage AS s ON s.user_id = u.id
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(file_size_bytes), 0) AS used,
        coalesce(sum(file_size_bytes) FILTER (WHERE type IN ('image', 'gif')), 0) AS images,
        coalesce(sum(file_size_bytes) FILTER (WHERE type = 'video'), 0) AS videos,
        coalesce(sum(file_size_bytes) FILTER (WHERE type = 'audio'), 0) AS audio,
        coalesce(sum(file_size_bytes) FILTER (WHERE type = 'document'), 0) AS other
    FROM public.post_media WHERE user_id = u.id
) AS m
WHERE (
    coalesce(s.used_bytes, 0), coalesce(s.images_bytes, 0), coalesce(s.videos_bytes, 0),
    coalesce(s.audio_bytes, 0), coalesce(s.other_bytes, 0)
) <> (m.used, m.images, m.videos, m.audio, m.other)
"""

USER_COUNTS: LiteralString = """
SELECT 'user', u.id, s.*, m.*
FROM public.users AS u
LEFT JOIN app.user_counts AS s ON s.user_id = u.id
CROSS JOIN LATERAL (
    SELECT
        (SELECT count(*) FROM public.user_follows WHERE following_id = u.id) AS followers,
        (SELECT count(*) FROM public.user_follows WHERE follower_id = u.id) AS followed,
        (SELECT count(*) FROM public.friendships WHERE u.id IN (user_id_1, user_id_2)) AS friends,
        (SELECT count(*) FROM public.posts WHERE user_id = u.id AND status = 'published') AS posts
) AS m
WHERE (s.followers_count, s.following_count, s.friends_count, s.posts_count)
    IS DISTINCT FROM (m.followers, m.followed, m.friends, m.posts)
"""


def differences(connection: psycopg.Connection) -> list[tuple[object, ...]]:
    """Every counter, friendship and storage row that a recount contradicts."""
    statements = (POSTS, COMMENTS, FRIENDSHIPS, STORAGE, USER_COUNTS)
    return [row for statement in statements for row in connection.execute(statement).fetchall()]
