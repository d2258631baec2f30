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
INSERT INTO app.seen_posts (user_id, post_id, mark)
SELECT v.user_id, n, 100000 + n FROM many, LATERAL (VALUES (10), (11)) AS v (user_id) ON CONFLICT DO NOTHING;
INSERT INTO comments (post_id, user_id, parent_comment_id, content, created_at)
SELECT post_id, 100000, id, 'x', created_at FROM comments WHERE user_id = 10;
INSERT INTO app.post_revisions (post_id, tags, media_ids)
SELECT v.post_id, '{}', '{}' FROM many, LATERAL (VALUES (7), (n)) AS v (post_id);
INSERT INTO app.post_mentions (post_id, user_id, position)
SELECT v.post_id, v.user_id, 0 FROM many, LATERAL (VALUES (7, 100000 + n), (n, 10)) AS v (post_id, user_id)
ON CONFLICT DO NOTHING;
INSERT INTO custom_feeds (user_id, name) SELECT 10, 'feed ' || n FROM many;
INSERT INTO app.feed_pins (feed_id, place, post_id)
SELECT f.id, v.place, v.post_id FROM custom_feeds AS f, LATERAL (VALUES (1, 7), (2, 8), (3, 100 + f.id))
AS v (place, post_id) WHERE f.name LIKE 'feed %';
INSERT INTO post_media (user_id, post_id, type, file_url, object_key, file_size_bytes, mime_type)
SELECT v.user_id, v.post_id, 'image', 'x', v.user_id || ' ' || n, 1, 'image/png'
FROM many, LATERAL (VALUES (10, NULL), (11, 7), (100000 + n, n)) AS v (user_id, post_id);
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
-- Of the user 14: those of ME would be among the ones above.
INSERT INTO app.user_blocks (blocker_id, blocked_id, created_at)
SELECT v.blocker_id, v.blocked_id, at
FROM many, LATERAL (VALUES (14, 400000 + n), (500000 + n, 14)) AS v (blocker_id, blocked_id);
INSERT INTO app.user_mutes (muter_id, muted_id, created_at)
SELECT v.muter_id, v.muted_id, at
FROM many, LATERAL (VALUES (10, 400000 + n), (500000 + n, 10)) AS v (muter_id, muted_id);
INSERT INTO user_lists (user_id, name) VALUES (10, 'Everybody');
INSERT INTO list_members (list_id, user_id, created_at)
SELECT v.list_id, v.user_id, at
FROM many, LATERAL (
    VALUES ((SELECT id FROM user_lists WHERE user_id = 10 AND name = 'Everybody'), 400000 + n), (1000000 + n, 10)
) AS v (list_id, user_id);
INSERT INTO app.sessions (user_id, token_hash, expires_at)
SELECT 10, sha256(('m ' || n)::bytea), now() + interval '1 day' FROM many;
INSERT INTO app.verification_tokens (user_id, purpose, token_hash, email, expires_at)
SELECT 10, 'password_reset', sha256(('m ' || n)::bytea), 'me@example.org', now() + interval '1 day' FROM many;
INSERT INTO app.idempotency_keys (user_id, key, fingerprint) SELECT 10, 'm ' || n, '' FROM many;
INSERT INTO app.audit_log (user_id, action)
SELECT v.user_id, 'login' FROM many, LATERAL (VALUES (10), (n)) AS v (user_id);
INSERT INTO app.conversation_members (conversation_id, user_id) SELECT 1000000 + n, 10 FROM many;
INSERT INTO messages (conversation_id, content, created_at) SELECT 999999, 'x', at FROM many;
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

COMMENTS = (
    "SELECT array_agg(id)::text FROM (SELECT id FROM comments WHERE {} LIMIT 500) AS c"  # of which there are more
)
LIMIT = {"limit": BATCH}
GRACE = {"grace": "30 days", "skipped": "{}"}
MINE = {"user_id": ME, **LIMIT}
ON_POSTS = {"ids": f"{{{POST},8,9}}", **LIMIT}
TALKS = {"ids": f"{{999999,{','.join(map(str, range(1_000_001, 1_000_050)))}}}", **LIMIT}
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
    "comments_on_posts": ON_POSTS,
    "purge_likes_of_comments": {"ids": "post_id = 7 AND likes_count > 0", **LIMIT},
    "purge_comments": {"ids": "post_id = 7 AND likes_count > 0"},
    "purge_revisions_on_posts": ON_POSTS,
    "purge_mentions_on_posts": ON_POSTS,
    "purge_pins_of_posts": ON_POSTS,
    "purge_media_on_posts": ON_POSTS,
    "accounts_to_purge": {**GRACE, **LIMIT},
    "purge_interactions_of_user": MINE,
    "purge_reposts_of_user": MINE,
    "purge_comment_likes_of_user": MINE,
    "purge_seen_posts_of_user": MINE,
    "purge_notifications_of_user": MINE,
    "purge_notifications_by_user": MINE,
    "purge_follows_by_follower": MINE,
    "purge_follows_by_following": MINE,
    "purge_follow_requests_of_user": MINE,
    "purge_messages_of_user": MINE,
    "posts_of_user": MINE,
    "comments_of_user": MINE,
    "part_replies": {"ids": "user_id = 10 AND parent_comment_id IS NULL", **LIMIT},
    "purge_blocks_of_user": {**MINE, "user_id": 14},
    "purge_mutes_of_user": MINE,
    "purge_entries_of_user": MINE,
    "purge_members_of_lists_of_user": MINE,
    "purge_mentions_of_user": MINE,
    "purge_keys_of_user": MINE,
    "purge_tokens_of_user": MINE,
    "purge_sessions_of_user": MINE,
    "purge_entries_of_audit_log": MINE,
    "purge_media_of_user": MINE,
    "purge_notifications_of_conversations": TALKS,
    "purge_messages_of_conversations": TALKS,
    "purge_members_of_conversations": TALKS,
    "conversations_of_user": MINE,
    "purge_messages_without_others": {"ids": "{999997,999998,999999}", **MINE},
    "replace_by_tombstone": {
        "ids": f"{{{','.join(map(str, range(1_000_001, 1_000_501)))}}}",
        "tombstone": 1,
        "user_id": ME,
    },
}
OF_COMMENTS = {"purge_likes_of_comments", "purge_comments", "part_replies"}
STATEMENTS = {**load("purges"), **load("account_parts"), **load("account_purges")}
# What is about rows that are named, or about one account that has little left.
OF_NAMED_ROWS = {
    "set_job_timeout", "posts_still_to_purge", "purge_posts", "begin_account_purge",
    "lock_deleted_account", "purge_posts_of_user", "tombstone", "delete_user",
    "delete_deserted_conversations", "lock_conversations", "ended_conversations",
}  # fmt: skip


@pytest.fixture(scope="module")
def connection(server: Server, crowd_template: str) -> Iterator[psycopg.Connection]:
    with filled(server, crowd_template, [FILL]) as opened:
        yield opened


def test_every_statement_of_a_batch_is_here() -> None:
    assert set(STATEMENTS) == set(PURGES) | OF_NAMED_ROWS


@pytest.mark.parametrize("name", PURGES)
def test_a_batch_is_bounded(connection: psycopg.Connection, name: str) -> None:
    big = {name for (name,) in connection.execute("SELECT relname FROM pg_class WHERE reltuples >= 1000")}
    query = STATEMENTS[name].sql
    given = dict(PURGES[name])
    if name in OF_COMMENTS:
        ((given["ids"],),) = connection.execute(COMMENTS.format(given["ids"]).encode()).fetchall()
    with connection.transaction(force_rollback=True):
        plan = explain(connection, query, given, "force_generic_plan")
        assert not plan.scanned_tables & big
        # Each row that is found, and found again to be deleted; and a block with nothing to delete, from both sides.
        assert plan.rows_touched <= 4 * BATCH
        assert plan.sorted_rows <= 3 * BATCH
        assert plan.buffers <= (40 if name == "part_replies" else 20) * BATCH  # a reply moves in all its indexes
