"""A page of an export costs the same at any depth, however much there is of a person and of everybody else."""

from collections.abc import Iterator, Mapping
from typing import LiteralString

import psycopg
import pytest

from bench.explain import explain
from db.maintenance.export import BATCH, PARTS, Part, statement
from db.statements import composed
from tests.plans.large import ME, filled
from tests.servers import Server

OWNERS = {"sections", "feeds", "lists"}  # 2 000 of each; one of the lists has many members
DEEP = 15_000  # rows before the page
FEW = 3_000  # rows of the person among 90 000
SPARSE = {"sessions", "email_tokens", "media", "uploads", "messages", "blocked", "muted", "feed_markers", "feed_pins"}
ONE_ROW = {"account", "profile", "settings", "feed_opt_outs", "storage", "counts"}
HUNDRED_ROWS = {"mute_words", "profile_versions"}  # as many as a person may have

# Of the rows of `mixed`, one in thirty is of the person.
FILL: Mapping[str, LiteralString] = {
    "sessions": "INSERT INTO app.sessions (user_id, token_hash, created_at, last_used_at, expires_at, revoked_at)"
    " SELECT whose, sha256(('s ' || n || ' ' || k)::bytea), at, at, at + interval '7 days',"
    " CASE WHEN n % 2 = 0 THEN at END FROM mixed",
    "email_tokens": "INSERT INTO app.verification_tokens (user_id, purpose, token_hash, email, created_at, expires_at)"
    " SELECT whose, 'password_reset', sha256(('s ' || n || ' ' || k)::bytea), 'me@example.org', at,"
    " at + interval '1 hour' FROM mixed",
    "audit_log": "INSERT INTO app.audit_log (user_id, action, created_at)"
    " SELECT CASE WHEN n % 2 = 0 THEN 10 ELSE n % 2000 + 1 END, 'logged_in', at FROM many, generate_series(1, 2)",
    "subscriptions": "INSERT INTO user_subscriptions"
    " (user_id, tier_id, status, current_period_start, current_period_end, created_at)"
    " SELECT 10, 1, 'expired', at, at + interval '1 day', at FROM many",
    "posts": "INSERT INTO posts (user_id, type, status, content, published_at, scheduled_for, created_at)"
    " SELECT 10, 'text_short', s::post_status, 'x', at, at, at FROM many,"
    " unnest(ARRAY['draft', 'scheduled', 'published']) AS s",
    "post_revisions": "INSERT INTO app.post_revisions (post_id, content, tags, media_ids, replaced_at)"
    " SELECT p.id, 'x', '{}', '{}', p.created_at + k * interval '1 hour' FROM posts AS p, generate_series(1, 2) AS k"
    " WHERE p.user_id = 10",
    "media": "INSERT INTO post_media (user_id, type, file_url, object_key, file_size_bytes, mime_type, created_at)"
    " SELECT whose, 'video', '/media/a', 'mine ' || n || ' ' || k, 1 + n % 7, 'video/mp4', at FROM mixed",
    "uploads": "INSERT INTO app.pending_uploads (user_id, type, object_key, mime_type, file_size_bytes, created_at,"
    " expires_at)"
    " SELECT whose, 'video', 'mine ' || n || ' ' || k, 'video/mp4', 1, at, at + interval '1 hour' FROM mixed",
    "comments": "INSERT INTO comments (post_id, user_id, content, created_at)"
    " SELECT n % 20000 + 1, 10, 'x', at FROM many",
    "reposts": "INSERT INTO reposts (user_id, post_id, created_at) SELECT 10, n, at FROM many ON CONFLICT DO NOTHING",
    "interactions": "INSERT INTO post_interactions (user_id, post_id, type, created_at)"
    " SELECT 10, n, t::interaction_type, at FROM many, unnest(ARRAY['like', 'bookmark', 'share']) AS t"
    " ON CONFLICT DO NOTHING",
    "seen_posts": "INSERT INTO app.seen_posts (user_id, post_id, mark)"
    " SELECT 10, n, 100000 + n FROM many ON CONFLICT DO NOTHING",
    "comment_likes": "INSERT INTO app.comment_likes (user_id, comment_id) SELECT 10, id FROM comments LIMIT 20000",
    "following": "INSERT INTO user_follows (follower_id, following_id, created_at) SELECT 10, 100000 + n, at FROM many",
    "followers": "INSERT INTO user_follows (follower_id, following_id, created_at) SELECT 100000 + n, 10, at FROM many",
    "friends": "INSERT INTO friendships (user_id_1, user_id_2, created_at)"
    " SELECT least(10, m), greatest(10, m), at FROM many, LATERAL (VALUES (100000 + n), (-n)) AS v (m)",
    "sent_follow_requests": "INSERT INTO app.follow_requests (requester_id, target_id, created_at)"
    " SELECT 10, 100000 + n, at FROM many",
    "follow_requests": "INSERT INTO app.follow_requests (requester_id, target_id, created_at)"
    " SELECT 100000 + n, 10, at FROM many",
    "blocked": "INSERT INTO app.user_blocks (blocker_id, blocked_id, created_at)"
    " SELECT whose, 100000 + n, at FROM mixed ON CONFLICT DO NOTHING",
    "muted": "INSERT INTO app.user_mutes (muter_id, muted_id, created_at)"
    " SELECT whose, 100000 + n, at FROM mixed ON CONFLICT DO NOTHING",
    "mute_words": "INSERT INTO app.mute_words (user_id, word, created_at)"
    " SELECT 10 + k, 'word ' || n, at FROM many, generate_series(0, 29) AS k WHERE n <= 100",
    "sections": "INSERT INTO profile_sections (user_id, type, title, display_order)"
    " SELECT 10, 'static_text', 'x', n FROM many WHERE n <= 2000",
    "section_content": "INSERT INTO section_content (section_id, content_type, content, display_order)"
    " SELECT s.id, 'text', 'x', k FROM profile_sections AS s, generate_series(0, 9) AS k WHERE s.user_id = 10",
    "profile_versions": "INSERT INTO app.profile_versions (user_id, number, sections, section_ids, content_ids)"
    " SELECT 10 + k, n, '{}', '{}', '{}' FROM many, generate_series(0, 29) AS k WHERE n <= 100",
    "feeds": "INSERT INTO custom_feeds (user_id, name, display_order)"
    " SELECT 10, 'mine ' || n, n FROM many WHERE n <= 2000",
    "feed_filters": "INSERT INTO feed_filters"
    " (feed_id, type, operator, value, group_id, logical_operator, display_order)"
    " SELECT f.id, 'text', 'contains', '\"x\"', 1 + k / 5, 'AND', k % 5"
    " FROM custom_feeds AS f, generate_series(0, 9) AS k WHERE f.user_id = 10",
    "feed_pins": "INSERT INTO app.feed_pins (feed_id, place, post_id)"
    " SELECT f.id, k, k FROM custom_feeds AS f, generate_series(1, 3) AS k WHERE f.user_id = 10",
    "feed_markers": "INSERT INTO app.feed_markers (user_id, feed_id, rules_version, post_created_at, post_id)"
    " SELECT whose, n, 1, at, n FROM mixed",
    "lists": "INSERT INTO user_lists (user_id, name, created_at) SELECT 10, 'mine ' || n, at FROM many WHERE n <= 2000",
    "list_members": "INSERT INTO list_members (list_id, user_id, created_at)"
    " SELECT l.id, m.n, m.at FROM user_lists AS l, many AS m"
    " WHERE l.user_id = 10 AND (l.name = 'mine 700' OR m.n <= 5) ON CONFLICT DO NOTHING",
    "conversations": "INSERT INTO app.conversation_members (conversation_id, user_id, joined_at, last_message_at)"
    " SELECT 1000000 + n, 10, at, at FROM many",
    "messages": "INSERT INTO messages (conversation_id, sender_id, content, created_at)"
    " SELECT 1000000 + n, whose, 'x', at FROM mixed",
    "notifications": "INSERT INTO notifications (user_id, actor_id, type, title, created_at)"
    " SELECT 10, 11, 'mention', 'x', at FROM many",
}


MIXED = (
    b"CREATE TEMPORARY TABLE mixed AS SELECT n, at, k, CASE k WHEN 0 THEN 10 ELSE 11 + (n * 7 + k) % 1000 END"
    b" AS whose FROM many, generate_series(0, 29) AS k WHERE n <= 3000 ORDER BY n, k"
)


@pytest.fixture(scope="module")
def connection(server: Server, crowd_template: str) -> Iterator[psycopg.Connection]:
    with filled(server, crowd_template, [MIXED, *(fill.encode() for fill in FILL.values())]) as opened:
        yield opened


def page(part: Part, after: list[str], *, within: bool = False, limit: int = BATCH) -> bytes:
    query = statement(part, after, within=within).as_bytes(None)
    return composed("export", query, {"user_id": ME, "limit": limit}).sql


def test_every_part_is_filled() -> None:
    assert {part.name for part in PARTS} == set(FILL) | ONE_ROW


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.name}-{part.owner}-{part.where}")
def test_a_page_of_an_export_costs_the_same_at_any_depth(connection: psycopg.Connection, part: Part) -> None:
    big = {name for (name,) in connection.execute("SELECT relname FROM pg_class WHERE reltuples >= 1000")}
    if part.name in ONE_ROW:
        assert explain(connection, page(part, []), {}).buffers <= 10
        return
    if part.name in HUNDRED_ROWS:
        plan = explain(connection, page(part, []), {})
        assert not plan.scanned_tables & big
        assert plan.sorted_rows <= 100
        return
    before = 2_000 if part.name in SPARSE else 1_500 if part.name in OWNERS else DEEP
    rows = connection.execute(page(part, [], limit=before)).fetchall()
    assert len(rows) == before
    after = rows[-1][0]
    queries = [page(part, []), page(part, after)]
    if part.through is not None:
        queries.append(page(part, after, within=True))
    for query in queries:
        plan = explain(connection, query, {})
        assert not plan.scanned_tables & big
        # Each row with what decides whether it is shown (a post, its author, their profile), and the person's blocks.
        assert plan.rows_touched <= 12 * BATCH + 2 * FEW
        assert plan.buffers <= 20 * BATCH
        # Rows of one owner or of one time into their order.
        assert plan.sorted_rows <= 2 * BATCH
    assert len(connection.execute(queries[1]).fetchall()) == BATCH
