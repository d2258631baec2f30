"""Pages and badges cost about the same when what lies in front of them may not be seen, however much that is."""

from collections.abc import Iterator

import psycopg
import pytest

from bench import crowd
from bench.explain import Mode, explain
from bench.hot import HOT, statement
from db.pool import PLANNER
from db.statements import load
from tests.plans.modes import MODES
from tests.servers import Server, database

pytestmark = pytest.mark.proof

PAGED = [name for name in HOT if statement(name).backward is not None]
COUNTED = [
    "unread_counts_by_conversation_ids",
    "unread_notification_counts_by_user_ids",
    "follow_request_counts_by_user_ids",
]
FULL_BADGE = 400  # buffers, when a hundred rows are counted
# Hidden by their own state: their index leaves such rows out, and no page is short for them.
WITHOUT_GAPS = {"posts_by_user_ids"}

POSTS = 50_000
HIDDEN = 20_000  # half of them at the near end of each list, half at the far end

# `who` is the first of the ids that the statement is asked for; the suspended come after all others.
SUSPENDED = """
INSERT INTO users (username, email, password_hash, status)
SELECT 'gone_' || n, 'gone_' || n || '@example.org', 'x', 'suspended' FROM generate_series(1, 20000) AS n
"""
HIDE = {
    "followers_by_user_ids": "INSERT INTO user_follows (following_id, follower_id, created_at)"
    " SELECT {who}, id, at FROM hidden",
    "following_by_user_ids": "INSERT INTO user_follows (follower_id, following_id, created_at)"
    " SELECT {who}, id, at FROM hidden",
    "friends_by_user_ids": "INSERT INTO friendships (user_id_1, user_id_2, created_at)"
    " SELECT {who}, id, at FROM hidden",
    "known_followers_by_user_ids": "WITH theirs AS (INSERT INTO user_follows (follower_id, following_id)"
    " SELECT id, {who} FROM hidden ON CONFLICT DO NOTHING)"
    " INSERT INTO user_follows (follower_id, following_id, created_at)"
    f" SELECT ({crowd.FOLLOWS_1000}), id, at FROM hidden",
    # Of two lists that are merged, one: what comes after a stop is of no matter.
    "mutual_friends_by_user_ids": "WITH lower AS (DELETE FROM friendships"
    f" WHERE user_id_2 = ({crowd.FOLLOWS_1000})), theirs AS ("
    "INSERT INTO friendships (user_id_1, user_id_2)"
    " SELECT {who}, id FROM hidden ON CONFLICT DO NOTHING)"
    " INSERT INTO friendships (user_id_1, user_id_2, created_at)"
    f" SELECT ({crowd.FOLLOWS_1000}), id, at FROM hidden",
    # Followed last by each fifth of those whom the viewer follows: a thousand, and so nobody else is counted.
    "suggestions_by_user_ids": "INSERT INTO user_follows (follower_id, following_id, created_at)"
    " SELECT f.following_id, hidden.id, hidden.at FROM user_follows AS f, hidden"
    " WHERE f.follower_id = {who} AND hidden.n <= 2000 AND hidden.n % 5 = f.following_id % 5",
    "posts_by_user_ids": "INSERT INTO posts (user_id, type, status, visibility, content, published_at, created_at)"
    " SELECT {who}, 'text_short', 'published', 'private', 'x', at, at FROM hidden",
    "reposts_by_user_ids": "INSERT INTO reposts (user_id, post_id, created_at)"
    " SELECT {who}, p.id, p.created_at FROM posts AS p WHERE p.content = 'x'",
    "likers_by_post_ids": "INSERT INTO post_interactions (post_id, user_id, type, created_at)"
    " SELECT {who}, id, 'like', at FROM hidden ON CONFLICT DO NOTHING",
    "bookmarks_by_user_ids": "WITH gone AS (INSERT INTO posts"
    " (user_id, type, status, visibility, content, published_at, created_at)"
    " SELECT id, 'text_short', 'published', 'public', 'y', at, at FROM hidden RETURNING id, created_at)"
    " INSERT INTO post_interactions (user_id, post_id, type, created_at)"
    " SELECT {who}, id, 'bookmark', created_at FROM gone",
    "reposts_by_post_ids": "INSERT INTO reposts (post_id, user_id, created_at) SELECT {who}, id, at FROM hidden",
    "likers_by_comment_ids": "INSERT INTO app.comment_likes (comment_id, user_id, created_at)"
    " SELECT {who}, id, at FROM hidden",
    "comments_by_post_ids": "INSERT INTO comments (post_id, user_id, content, created_at, deleted_at)"
    " SELECT {who}, CASE WHEN n % 4 < 2 THEN id ELSE 5 END, 'x', at, CASE WHEN n % 4 >= 2 THEN now() END"
    " FROM hidden",
    "replies_by_comment_ids": "INSERT INTO comments (post_id, parent_comment_id, user_id, content, created_at)"
    " SELECT c.post_id, c.id, hidden.id, 'x', at FROM hidden, comments AS c WHERE c.id = {who}",
    "images_by_user_ids": "INSERT INTO post_media (post_id, user_id, type, file_url, object_key, file_size_bytes,"
    " mime_type, display_order, created_at) SELECT id, {who}, 'image', '/media/a', 'hidden ' || id, 1000, 'image/png',"
    " 0, created_at FROM posts WHERE content = 'x'",
    # Of another type than is asked for.
    "media_by_user_ids": "INSERT INTO post_media (user_id, type, file_url, object_key, file_size_bytes, mime_type,"
    " display_order, created_at) SELECT {who}, 'audio', '/media/b', 'other ' || id, 1000, 'audio/wav', 0, at"
    " FROM hidden",
    "notifications_by_user_ids": "INSERT INTO notifications (user_id, actor_id, type, title, created_at)"
    " SELECT {who}, id, 'follow', 'x', at FROM hidden",
    "follow_requests_by_user_ids": "INSERT INTO app.follow_requests (target_id, requester_id, created_at)"
    " SELECT {who}, id, at FROM hidden",
    "sent_follow_requests_by_user_ids": "INSERT INTO app.follow_requests (requester_id, target_id, created_at)"
    " SELECT {who}, id, at FROM hidden",
    "lists_by_user_ids": "INSERT INTO user_lists (user_id, name, created_at)"
    " SELECT {who}, 'hidden ' || n, at FROM hidden",
    "members_by_list_ids": "INSERT INTO list_members (list_id, user_id, created_at)"
    " SELECT {who}, id, at FROM hidden ON CONFLICT DO NOTHING",
    "messages_by_conversation_ids": "INSERT INTO messages (conversation_id, sender_id, content, created_at)"
    " SELECT {who}, id, 'x', at FROM hidden",
    # A third of them revoked, and the others over.
    "sessions_by_user_ids": "INSERT INTO app.sessions"
    " (user_id, token_hash, last_used_at, created_at, expires_at, revoked_at)"
    " SELECT {who}, sha256(('hidden ' || n)::bytea), at, '2000-01-01', '2000-01-08',"
    " CASE WHEN n % 3 = 0 THEN '2000-01-02'::timestamptz END FROM hidden",
    "conversations_by_user_ids": "WITH talks AS (INSERT INTO conversations (id, kind, participant_ids)"
    " OVERRIDING SYSTEM VALUE SELECT 1000000 + n, 'group', ARRAY[1, 2] FROM hidden)"
    " INSERT INTO app.conversation_members"
    " (conversation_id, user_id, last_message_at, joined_at, left_at)"
    " SELECT 1000000 + n, {who}, at, '2000-01-01', at FROM hidden",
}
HIDDEN_WITH_ANOTHER = {
    "unread_notifications_by_user_ids": "notifications_by_user_ids",
    "notifications_of_types_by_user_ids": "notifications_by_user_ids",
    "unread_notification_counts_by_user_ids": "notifications_by_user_ids",
    "unread_counts_by_conversation_ids": "messages_by_conversation_ids",
    "follow_request_counts_by_user_ids": "follow_requests_by_user_ids",
    "friend_requests_by_user_ids": "followers_by_user_ids",
}


@pytest.fixture(scope="module")
def connection(server: Server, empty_template: str) -> Iterator[psycopg.Connection]:
    with database(server, empty_template) as name:
        crowd.fill(server.url(name), POSTS)
        with psycopg.connect(server.url(name), autocommit=True, options=PLANNER) as opened:
            opened.execute(SUSPENDED.encode())
            opened.execute(
                b"CREATE TEMPORARY TABLE hidden AS SELECT id, row_number() OVER (ORDER BY id) AS n,"
                b" CASE WHEN id % 2 = 0 THEN '2030-01-01'::timestamptz ELSE '2001-01-01'::timestamptz END"
                b" + id * interval '1 second' AS at FROM users WHERE username LIKE 'gone%'"
            )
            yield opened


def parameters(connection: psycopg.Connection, name: str) -> dict[str, object]:
    """As in the benchmark, but for one owner."""
    asked = HOT[name].parameters(connection)
    return {**asked, "ids": str(asked["ids"]).partition(",")[0].rstrip("}") + "}"}


@pytest.fixture(scope="module")
def asked(connection: psycopg.Connection) -> dict[str, dict[str, object]]:
    """The questions, before the hidden rows make somebody else the most popular."""
    return {name: parameters(connection, name) for name in (*PAGED, *COUNTED)}


@pytest.fixture(scope="module")
def usual(connection: psycopg.Connection, asked: dict[str, dict[str, object]]) -> dict[tuple[str, Mode], int]:
    """The buffers of each statement before anything is hidden; then it is."""
    costs: dict[tuple[str, Mode], int] = {
        (variant.name, mode): explain(connection, variant.sql, given, mode).buffers
        for name, given in asked.items()
        for variant in filter(None, (statement(name), statement(name).backward))
        for mode in MODES
    }
    connection.execute("SET session_replication_role = replica")  # counters are of no matter here
    for name, hide in HIDE.items():
        who = str(asked[name]["ids"]).strip("{}")
        assert connection.execute(hide.replace("{who}", who).encode()).rowcount >= HIDDEN, name
    connection.execute("VACUUM ANALYZE")
    return costs


def test_every_page_has_a_hidden_crowd_in_front_of_it() -> None:
    assert {*PAGED, *COUNTED} == set(HIDE) | set(HIDDEN_WITH_ANOTHER)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", [*PAGED, *COUNTED])
def test_a_page_behind_a_hidden_crowd_costs_at_most_ten_pages(
    connection: psycopg.Connection,
    asked: dict[str, dict[str, object]],
    usual: dict[tuple[str, Mode], int],
    name: str,
    mode: Mode,
) -> None:
    for variant in filter(None, (statement(name), statement(name).backward)):
        plan = explain(connection, variant.sql, asked[name], mode)
        least = FULL_BADGE if name in COUNTED else 20
        assert plan.buffers <= 10 * max(usual[variant.name, mode], least), variant.name


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", PAGED)
def test_a_look_beyond_a_page_costs_no_more_than_a_page(
    connection: psycopg.Connection,
    asked: dict[str, dict[str, object]],
    usual: dict[tuple[str, Mode], int],
    name: str,
    mode: Mode,
) -> None:
    assert usual
    for variant in filter(None, (statement(name), statement(name).backward)):
        costs = [
            explain(connection, variant.sql, {**asked[name], **limit}, mode).buffers for limit in ({}, {"limit": 1})
        ]
        assert costs[1] <= costs[0], variant.name


@pytest.mark.parametrize("name", PAGED)
def test_a_page_behind_a_hidden_crowd_is_cut_short_at_a_row_to_go_on_from(
    connection: psycopg.Connection, asked: dict[str, dict[str, object]], usual: dict[tuple[str, Mode], int], name: str
) -> None:
    assert usual
    for variant in filter(None, (statement(name), statement(name).backward)):
        cursor = connection.execute(variant.sql, asked[name])
        assert cursor.description is not None
        stops = [row[[column.name for column in cursor.description].index("is_stop")] for row in cursor]
        if name in WITHOUT_GAPS:
            assert stops == [False] * HOT[name].limit
        else:
            assert stops[-1:] == [True], variant.name
            assert stops.count(True) == 1


def test_many_feeds_of_a_viewer_cost_as_much_as_a_hundred(connection: psycopg.Connection) -> None:
    viewer = 77
    insert = (
        "INSERT INTO custom_feeds (user_id, name, display_order)"
        f" SELECT {viewer}, 'feed ' || n, n FROM generate_series(%s::integer, %s::integer) AS n"
    )
    query, given = load("feeds")["feeds_by_user_ids"].sql, {"ids": f"{{{viewer}}}", "viewer": viewer}
    connection.execute("DELETE FROM custom_feeds WHERE user_id = %s", [viewer])
    connection.execute(insert.encode(), [1, 100])
    usual = {mode: explain(connection, query, given, mode).buffers for mode in MODES}
    before = connection.execute(query, given).fetchall()
    connection.execute(insert.encode(), [101, HIDDEN])
    connection.execute("VACUUM ANALYZE custom_feeds")
    for mode in MODES:
        plan = explain(connection, query, given, mode)
        assert plan.buffers <= 2 * usual[mode]
        assert plan.rows_touched <= 104  # and the built-in one, with its settings
    assert connection.execute(query, given).fetchall() == before
    assert len(before) == 101
