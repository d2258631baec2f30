"""Everything that changes a counter, a friendship or a storage figure, at random."""

import random
from typing import LiteralString

import psycopg
from psycopg import errors

# %(u)s: a person; %(us)s: some people; %(ps)s: some posts; %(cs)s: some comments; %(k)s: a kind of media.
WRITES: list[LiteralString] = [
    (
        "INSERT INTO post_interactions (user_id, post_id, type) SELECT %(u)s, id, 'like' FROM posts"
        " WHERE id = ANY(%(ps)s) ON CONFLICT DO NOTHING"
    ),
    "DELETE FROM post_interactions WHERE user_id = %(u)s AND post_id = ANY(%(ps)s)",
    (
        "UPDATE post_interactions SET type = 'share' WHERE user_id = %(u)s AND post_id = ANY(%(ps)s) AND type = 'like'"
        " AND NOT EXISTS (SELECT FROM post_interactions AS s WHERE s.user_id = %(u)s AND s.type = 'share')"
    ),
    "INSERT INTO reposts (user_id, post_id) SELECT %(u)s, id FROM posts WHERE id = ANY(%(ps)s) ON CONFLICT DO NOTHING",
    "DELETE FROM reposts WHERE user_id = %(u)s AND post_id = ANY(%(ps)s)",
    "INSERT INTO comments (post_id, user_id, content) SELECT id, %(u)s, 'x' FROM posts WHERE id = ANY(%(ps)s)",
    (
        "INSERT INTO comments (post_id, user_id, parent_comment_id, content)"
        " SELECT post_id, %(u)s, id, 'x' FROM comments WHERE id = ANY(%(cs)s)"
    ),
    "UPDATE comments SET deleted_at = now() WHERE id = ANY(%(cs)s)",
    (
        "INSERT INTO app.comment_likes (user_id, comment_id) SELECT %(u)s, id FROM comments WHERE id = ANY(%(cs)s)"
        " ON CONFLICT DO NOTHING"
    ),
    "DELETE FROM app.comment_likes WHERE user_id = %(u)s AND comment_id = ANY(%(cs)s)",
    "UPDATE comments SET parent_comment_id = NULL WHERE id = ANY((%(cs)s::bigint[])[1:1])",
    "UPDATE comments SET deleted_at = NULL WHERE id = ANY(%(cs)s)",
    "UPDATE comments SET content = 'y' WHERE id = ANY(%(cs)s)",
    "DELETE FROM comments WHERE id = ANY(%(cs)s)",
    (
        "INSERT INTO user_follows (follower_id, following_id) SELECT %(u)s, id FROM users"
        " WHERE id = ANY(%(us)s) AND id <> %(u)s ON CONFLICT DO NOTHING"
    ),
    "DELETE FROM user_follows WHERE follower_id = %(u)s AND following_id = ANY(%(us)s[1:2])",
    (
        "INSERT INTO post_media (user_id, post_id, type, file_url, object_key, file_size_bytes, mime_type)"
        " SELECT %(u)s, (SELECT max(id) FROM posts WHERE user_id = %(u)s), %(k)s, '/x', gen_random_uuid(), 7, 'x/y'"
    ),
    "UPDATE post_media SET type = %(k)s, file_size_bytes = file_size_bytes + 1 WHERE user_id = %(u)s",
    "DELETE FROM post_media WHERE user_id = %(u)s AND type = %(k)s",
    (
        "UPDATE posts SET status = CASE status WHEN 'deleted' THEN status_before_delete ELSE 'deleted' END"
        " WHERE id = ANY(%(ps)s)"
    ),
    "INSERT INTO posts (user_id, type, content) VALUES (%(u)s, 'text_short', 'x')",
    "INSERT INTO posts (user_id, type, status, content) VALUES (%(u)s, 'text_short', 'draft', 'x')",
    (
        "UPDATE posts SET status = CASE status WHEN 'draft' THEN 'published' ELSE 'draft' END::post_status"
        " WHERE id = ANY(%(ps)s) AND status <> 'deleted'"
    ),
    "UPDATE user_follows SET created_at = now() WHERE following_id = ANY(%(us)s)",
]
RARE_WRITES: list[LiteralString] = [
    "DELETE FROM posts WHERE id = ANY(%(ps)s)",
    "DELETE FROM users WHERE id = %(u)s AND id %% 4 = 0",
]
# What a transaction may run into when others change the same rows: it gives up, as a whole.
CONFLICTS = (
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.ForeignKeyViolation,
    errors.UniqueViolation,
)


def write(url: str, seed: int, transactions: int) -> int:
    """Run transactions of one to three random writes, every fourth rolled back; how many were committed."""
    chance = random.Random(seed)
    committed = 0
    with psycopg.connect(url) as session:
        session.execute("SET lock_timeout = '100ms'")  # sooner than the server looks for a deadlock
        session.commit()
        for _ in range(transactions):
            try:
                for _ in range(chance.randint(1, 3)):
                    session.execute(statement(chance), values(session, chance))
            except CONFLICTS:
                session.rollback()
                continue
            if chance.random() < 0.25:
                session.rollback()
            else:
                session.commit()
                committed += 1
    return committed


def statement(chance: random.Random) -> LiteralString:
    return chance.choice(RARE_WRITES if chance.random() < 0.03 else WRITES)


def values(session: psycopg.Connection, chance: random.Random) -> dict[str, object]:
    row = session.execute(
        "SELECT (SELECT array_agg(id) FROM users), (SELECT coalesce(array_agg(id), '{}') FROM posts),"
        " (SELECT coalesce(array_agg(id), '{}') FROM comments)"
    ).fetchone()
    assert row is not None
    people, posts, comments = row
    return {
        "u": chance.choice(people),
        "us": chance.sample(people, min(5, len(people))),
        "ps": chance.sample(posts, min(3, len(posts))),
        "cs": chance.sample(comments, min(4, len(comments))),
        "k": chance.choice(["image", "gif", "video", "audio", "document"]),
    }
