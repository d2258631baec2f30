"""Whether there is news, and which, costs what was written lately: not what there is."""

from collections.abc import Iterator

import psycopg
import pytest

from bench.explain import Mode, explain
from db.pool import PLANNER
from db.statements import load
from tests.plans.modes import MODES
from tests.servers import Server, database

LIMIT = 500
# One person in 2,000 conversations with 100,000 messages, and as many notifications; of each, ten came just now.
FILL = """
INSERT INTO users (username, email, password_hash)
SELECT 'user_' || n, 'user_' || n || '@example.org', 'x' FROM generate_series(1, 2001) AS n;
INSERT INTO user_profiles (user_id) SELECT id FROM users;
INSERT INTO conversations (kind, participant_ids, last_message_at)
SELECT 'direct', ARRAY[1, n], '2026-01-01' FROM generate_series(2, 2001) AS n;
INSERT INTO app.conversation_members (conversation_id, user_id, last_message_at)
SELECT c.id, unnest(c.participant_ids), '2026-01-01' FROM conversations AS c;
INSERT INTO messages (conversation_id, sender_id, content, created_at)
SELECT 1 + n % 2000, 2 + n % 2000, 'x', '2026-01-01'::timestamptz - n * interval '1 minute'
FROM generate_series(1, 100000) AS n;
INSERT INTO notifications (user_id, type, title, created_at)
SELECT 1, 'system', 'x', '2026-01-01'::timestamptz - n * interval '1 minute' FROM generate_series(1, 100000) AS n;
INSERT INTO notifications (user_id, type, title, created_at)
SELECT n, 'system', 'x', '2026-01-01' FROM generate_series(2, 2001) AS n;
"""
NOW = """
INSERT INTO messages (conversation_id, sender_id, content) SELECT n, n + 1, 'x' FROM generate_series(1, 10) AS n;
UPDATE app.conversation_members SET last_message_at = now() WHERE conversation_id <= 10;
INSERT INTO notifications (user_id, type, title) SELECT 1, 'system', 'x' FROM generate_series(1, 10);
"""


@pytest.fixture(scope="module")
def crowd(server: Server, empty_template: str) -> Iterator[tuple[psycopg.Connection, dict[str, object]]]:
    """The database, and the position before what came just now."""
    with (
        database(server, empty_template) as name,
        psycopg.connect(server.url(name), autocommit=True, options=PLANNER) as connection,
    ):
        connection.execute(FILL)
        connection.execute("VACUUM ANALYZE")
        row = connection.execute("SELECT now()::text, pg_current_snapshot()::text").fetchone()
        assert row is not None
        connection.execute(NOW)
        yield connection, {"seen_at": row[0], "snapshot": row[1], "until": row[1], "last_id": 0}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("conversation_id", [0, 3])
@pytest.mark.parametrize("name", ["messages_since", "notifications_since"])
def test_a_read_costs_what_came_since(
    crowd: tuple[psycopg.Connection, dict[str, object]], name: str, conversation_id: int, mode: Mode
) -> None:
    connection, position = crowd
    given = {"viewer": 1, "conversation_id": conversation_id, "limit": LIMIT, "reach": 10 * LIMIT, **position}
    statement = load("live")[name]
    plan = explain(connection, statement.sql, {one: given[one] for one in statement.parameters}, mode)
    assert not plan.scanned_tables & {"messages", "notifications", "conversation_members"}
    assert plan.buffers <= 60 * 10


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["watches_with_messages", "watches_with_notifications"])
def test_a_look_costs_a_few_pages_for_each_watch(
    crowd: tuple[psycopg.Connection, dict[str, object]], name: str, mode: Mode
) -> None:
    connection, position = crowd
    watches = 1000
    given = {
        "viewers": "{" + ",".join(str(1 + number) for number in range(watches)) + "}",
        "conversation_ids": "{" + ",".join("0" for _ in range(watches)) + "}",
        "times": "{" + ",".join(f'"{position["seen_at"]}"' for _ in range(watches)) + "}",
        "snapshots": " ".join(str(position["snapshot"]) for _ in range(watches)),
    }
    statement = load("live")[name]
    plan = explain(connection, statement.sql, {one: given[one] for one in statement.parameters}, mode)
    assert not plan.scanned_tables & {"messages", "notifications", "conversation_members"}
    assert plan.buffers <= 10 * watches
