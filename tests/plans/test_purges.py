"""A batch of a purge costs the same however much there is to delete, of one person, of one post and of all others."""

from collections.abc import Iterator, Mapping

import psycopg
import pytest

from bench.explain import explain
from db.statements import load
from tests.plans.large import ME, filled
from tests.servers import Server

BATCH = 500
POST = 7

# Of each kind there is much that is ME's or on POST, and as much that is of others.
FILL = b"""
INSERT INTO app.sessions (user_id, token_hash, created_at, last_used_at, expires_at)
SELECT n, sha256(('s ' || n)::bytea), at, at, at + interval '7 days' FROM many;
INSERT INTO app.verification_tokens (user_id, purpose, token_hash, email, created_at, expires_at)
SELECT n, 'password_reset', sha256(('s ' || n)::bytea), 'me@example.org', at, at + interval '1 hour' FROM many;
INSERT INTO app.idempotency_keys (user_id, key, fingerprint, object_id, created_at)
SELECT n, 'x', '', 1, at FROM many;
INSERT INTO post_interactions (user_id, post_id, type, created_at)
SELECT 10, n, 'bookmark', at FROM many ON CONFLICT DO NOTHING;
INSERT INTO post_interactions (user_id, post_id, type, created_at)
SELECT 100000 + n, 7, 'like', at FROM many;
INSERT INTO reposts (user_id, post_id, created_at)
SELECT 10, n, at FROM many ON CONFLICT DO NOTHING;
INSERT INTO reposts (user_id, post_id, created_at)
SELECT 100000 + n, 7, at FROM many;
INSERT INTO comments (post_id, user_id, content, created_at)
SELECT n, 10, 'x', at FROM many;
INSERT INTO comments (post_id, user_id, content, created_at)
SELECT 7, 100000 + n, 'x', at FROM many;
UPDATE comments SET likes_count = 1 WHERE post_id = 7 OR user_id = 10;
INSERT INTO app.comment_likes (user_id, comment_id)
SELECT 200000, id FROM comments WHERE post_id = 7 OR user_id = 10;
INSERT INTO app.comment_likes (user_id, comment_id) SELECT 10, n FROM many;
-- Of ME, by ME, about POST, across one block, of nobody, and of the system.
INSERT INTO notifications (user_id, actor_id, type, title, post_id, created_at)
SELECT v.user_id, v.actor_id, v.type::notification_type, 'x', v.post_id, at
FROM many, LATERAL (VALUES
    (10, 100000 + n, 'comment', n),
    (100000 + n, 10, 'comment', n),
    (200000 + n, 300000 + n, 'comment', 7),
    (11, 12, 'message', NULL),
    (11, NULL, 'message', NULL),
    (100000 + n, NULL, 'system', NULL)
) AS v (user_id, actor_id, type, post_id);
-- Blocks with nothing between the two, before and behind the one with much.
INSERT INTO app.user_blocks (blocker_id, blocked_id, created_at)
SELECT v.blocker_id, v.blocked_id, at
FROM many, LATERAL (VALUES (9, 400000 + n), (100000 + n, 13)) AS v (blocker_id, blocked_id);
INSERT INTO app.user_blocks (blocker_id, blocked_id) VALUES (12, 11);
INSERT INTO user_follows (follower_id, following_id, created_at)
SELECT 10, 100000 + n, at FROM many;
INSERT INTO user_follows (follower_id, following_id, created_at)
SELECT 100000 + n, 10, at FROM many;
INSERT INTO app.follow_requests (requester_id, target_id, created_at)
SELECT v.requester_id, v.target_id, at
FROM many, LATERAL (VALUES (10, 100000 + n), (200000 + n, 10), (300000 + n, 11)) AS v (requester_id, target_id);
INSERT INTO messages (conversation_id, sender_id, content, created_at)
SELECT 1000000 + n, v.sender_id, 'x', at FROM many, LATERAL (VALUES (10), (100000 + n)) AS v (sender_id);
INSERT INTO posts (user_id, type, status, content, published_at, created_at, deleted_at)
SELECT v.user_id, 'text_short', v.status::post_status, 'x', at, at, v.deleted_at
FROM many, LATERAL (VALUES (10, 'published', NULL), (100000 + n, 'deleted', at)) AS v (user_id, status, deleted_at);
INSERT INTO users (username, email, password_hash, status, status_before_delete, deleted_at)
SELECT 'gone_' || n, 'gone_' || n || '@example.org', 'x', 'deleted', 'active', at FROM many;
"""

LIMIT = {"limit": BATCH}
GRACE = {"grace": "30 days", "skipped": "{}"}
MINE = {"user_id": ME, **LIMIT}
ON_POSTS = {"ids": f"{{{POST},8,9}}", **LIMIT}
BLOCK = {"after_blocker_id": 9, "after_blocked_id": 420_000 - 499}
PURGES: Mapping[str, Mapping[str, object]] = {
    "purge_sessions": LIMIT,
    "purge_tokens": LIMIT,
    "purge_idempotency_keys": {"lifetime": "24 hours", **LIMIT},
    "purge_notifications_without_actor": LIMIT,
    "blocks_after": {"blocker_id": 9, "blocked_id": 410_000, **LIMIT},
    "purge_notifications_across_blocks": {**BLOCK, "last_blocker_id": 12, "last_blocked_id": 11, **LIMIT},
    "posts_to_purge": {**GRACE, **LIMIT},
    "purge_interactions_on_posts": ON_POSTS,
    "purge_reposts_on_posts": ON_POSTS,
    "purge_notifications_on_posts": ON_POSTS,
    "purge_likes_of_comments_on_posts": ON_POSTS,
    "purge_comments_on_posts": ON_POSTS,
    "accounts_to_purge": {**GRACE, **LIMIT},
    "purge_interactions_of_user": MINE,
    "purge_reposts_of_user": MINE,
    "purge_comment_likes_of_user": MINE,
    "purge_likes_of_comments_of_user": MINE,
    "purge_notifications_of_user": MINE,
    "purge_notifications_by_user": MINE,
    "purge_follows_by_follower": MINE,
    "purge_follows_by_following": MINE,
    "purge_follow_requests_of_user": MINE,
    "purge_messages_of_user": MINE,
    "posts_of_user": MINE,
    "purge_comments_of_user": MINE,
}
# What is about rows that are named, or about one account that has little left.
OF_NAMED_ROWS = {
    "set_job_timeout", "posts_still_to_purge", "purge_posts", "begin_account_purge",
    "lock_deleted_account", "purge_posts_of_user", "replace_by_tombstone", "delete_user",
    "delete_deserted_conversations",
}  # fmt: skip


@pytest.fixture(scope="module")
def connection(server: Server, empty_template: str) -> Iterator[psycopg.Connection]:
    with filled(server, empty_template, [FILL]) as opened:
        yield opened


def test_every_statement_of_a_batch_is_here() -> None:
    assert set(load("purges")) == set(PURGES) | OF_NAMED_ROWS


@pytest.mark.parametrize("name", PURGES)
def test_a_batch_is_bounded(connection: psycopg.Connection, name: str) -> None:
    big = {name for (name,) in connection.execute("SELECT relname FROM pg_class WHERE reltuples >= 1000")}
    query = load("purges")[name].sql
    with connection.transaction(force_rollback=True):
        plan = explain(connection, query, PURGES[name], "force_generic_plan")
        assert not plan.scanned_tables & big
        # Each row that is found, and found again to be deleted; and a block with nothing to delete, from both sides.
        assert plan.rows_touched <= 4 * BATCH
        assert plan.sorted_rows <= 3 * BATCH
        assert plan.buffers <= 20 * BATCH
