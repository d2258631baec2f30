"""Beside writers nothing is lost, and nothing that is right is called wrong."""

from concurrent.futures import ThreadPoolExecutor
from typing import LiteralString

import psycopg
import pytest

from tests.counters.running import repaired, repairing, verified
from tests.factories import Factory
from tests.triggers.recount import differences
from tests.triggers.writes import write
from tests.waiting import until_blocked_by

SESSIONS = 3
TRANSACTIONS = 60


@pytest.fixture
def crowd(connection: psycopg.Connection, make: Factory) -> None:
    for number in range(12):
        make.post(make.user(f"person{number}"))
    connection.execute("INSERT INTO storage_usage (user_id) SELECT id FROM users ON CONFLICT DO NOTHING")


@pytest.mark.usefixtures("crowd")
def test_verifying_beside_writers_raises_no_false_alarm(empty_database: str, connection: psycopg.Connection) -> None:
    runs = 0
    with ThreadPoolExecutor(SESSIONS) as writers:
        writing = [writers.submit(write, empty_database, seed, TRANSACTIONS) for seed in range(SESSIONS)]
        while not all(one.done() for one in writing):
            assert verified(empty_database, batch=5) == []
            runs += 1
        assert sum(one.result() for one in writing) > SESSIONS * TRANSACTIONS // 3
    assert runs >= 2
    assert differences(connection) == []


@pytest.mark.usefixtures("crowd")
def test_repairing_beside_writers_heals_and_loses_nothing(empty_database: str, connection: psycopg.Connection) -> None:
    healed = 0
    with ThreadPoolExecutor(SESSIONS) as writers:
        writing = [writers.submit(write, empty_database, 50 + seed, TRANSACTIONS) for seed in range(SESSIONS)]
        while not all(one.done() for one in writing):
            connection.execute("UPDATE posts SET likes_count = likes_count + 3, comments_count = 0 WHERE id % 3 = 1")
            connection.execute("UPDATE comments SET replies_count = replies_count + 1 WHERE id % 5 = 1")
            connection.execute("UPDATE storage_usage SET used_bytes = used_bytes + 10, other_bytes = 0")
            connection.execute("DELETE FROM app.user_counts WHERE user_id % 3 = 0")
            connection.execute("UPDATE app.user_counts SET posts_count = 9, friends_count = 9 WHERE user_id % 3 = 1")
            healed += len(repaired(empty_database, batch=5))
        assert sum(one.result() for one in writing) > SESSIONS * TRANSACTIONS // 4
    assert healed > 20
    assert differences(connection) == []


UPLOAD: LiteralString = (
    "INSERT INTO post_media (user_id, type, file_url, object_key, file_size_bytes, mime_type)"
    " VALUES (1, 'image', '/x', 'x', 7, 'image/png')"
)

# What is planted, and what a writer has done and not yet committed when the repair comes to the row.
MEETINGS: list[tuple[LiteralString, LiteralString]] = [
    (
        "UPDATE posts SET likes_count = 5",
        "INSERT INTO post_interactions (user_id, post_id, type) VALUES (3, 1, 'like')",
    ),
    ("UPDATE posts SET comments_count = 5", "INSERT INTO comments (user_id, post_id, content) VALUES (3, 1, 'x')"),
    ("UPDATE posts SET reposts_count = 5", "INSERT INTO reposts (user_id, post_id) VALUES (3, 1)"),
    (
        "UPDATE comments SET replies_count = 5",
        "INSERT INTO comments (user_id, post_id, parent_comment_id, content) VALUES (3, 1, 1, 'x')",
    ),
    ("INSERT INTO friendships VALUES (1, 2)", "INSERT INTO user_follows VALUES (2, 1)"),
    (
        "UPDATE storage_usage SET used_bytes = 5, images_bytes = 5",
        UPLOAD,
    ),
    (
        "DELETE FROM storage_usage WHERE user_id = 1",
        UPLOAD,
    ),
    ("DELETE FROM storage_usage WHERE user_id = 4", "DELETE FROM users WHERE id = 4"),
    ("UPDATE app.user_counts SET followers_count = 5", "INSERT INTO user_follows VALUES (3, 1)"),
    ("UPDATE app.user_counts SET following_count = 5", "DELETE FROM user_follows"),
    ("UPDATE app.user_counts SET friends_count = 5", "INSERT INTO user_follows VALUES (2, 1)"),
    ("UPDATE app.user_counts SET posts_count = 5", "UPDATE posts SET status = 'deleted'"),
    ("DELETE FROM app.user_counts WHERE user_id = 1", "INSERT INTO user_follows VALUES (3, 1)"),
    ("DELETE FROM app.user_counts WHERE user_id = 2", "DELETE FROM user_follows"),
    ("DELETE FROM app.user_counts WHERE user_id = 1", "UPDATE posts SET status = 'deleted'"),
    ("DELETE FROM app.user_counts WHERE user_id = 4", "DELETE FROM users WHERE id = 4"),
]


@pytest.fixture
def meeting(connection: psycopg.Connection, make: Factory) -> None:
    ada, ben, _, _ = make.cast()
    connection.execute("INSERT INTO storage_usage (user_id) SELECT id FROM users")
    make.comment(ben, make.post(ada))
    make.follow(ada, ben)


@pytest.mark.usefixtures("meeting")
@pytest.mark.parametrize("ending", ["commit", "rollback"])
@pytest.mark.parametrize(("planted", "written"), MEETINGS)
def test_a_repair_waits_for_a_writer_and_counts_what_it_wrote(
    empty_database: str,
    connection: psycopg.Connection,
    writer: psycopg.Connection,
    planted: LiteralString,
    written: LiteralString,
    ending: str,
) -> None:
    connection.execute(planted)
    writer.execute(written)
    with repairing(empty_database) as repair:
        until_blocked_by(writer)
        writer.commit() if ending == "commit" else writer.rollback()
        repair.result()
    assert differences(connection) == []
    assert verified(empty_database) == []


@pytest.mark.usefixtures("meeting")
def test_a_repair_that_is_the_victim_of_a_deadlock_begins_again(
    empty_database: str, connection: psycopg.Connection, make: Factory, writer: psycopg.Connection
) -> None:
    """The repair holds the first post and waits for the second, which the writer holds and wants the first."""
    second = make.post(1)
    like: LiteralString = "INSERT INTO post_interactions (user_id, post_id, type) VALUES (3, %s, 'like')"
    connection.execute("UPDATE posts SET likes_count = 5")
    writer.execute("SET deadlock_timeout = '1min'")
    writer.execute(like, [second])
    with repairing(empty_database) as repair:
        until_blocked_by(writer)
        writer.execute(like, [1])
        writer.commit()
        assert len(repair.result()) == 2
    assert connection.execute("SELECT likes_count FROM posts ORDER BY id").fetchall() == [(1,), (1,)]
