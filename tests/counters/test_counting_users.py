"""Users who were there before their counts are counted by the upgrade, exactly, and beside those who write."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from db.maintenance.user_counts import REMINDER, count_missing
from db.migrations.migrate import downgrade, upgrade
from db.migrations.revision import LOCK_TIMEOUT
from tests.factories import Factory
from tests.schema.commands import alembic, psql
from tests.triggers.recount import differences
from tests.triggers.writes import write
from tests.waiting import until_blocked_by

PEOPLE = 250  # more than one batch
SESSIONS = 3
TRANSACTIONS = 60
ROWS = "SELECT count(*) FROM app.user_counts"


@pytest.fixture
def crowd(connection: psycopg.Connection, make: Factory) -> None:
    ada, ben, _, _ = make.cast()
    make.follow(ada, ben)
    make.follow(ben, ada)
    make.post(ada)
    make.post(ada, status="draft")
    connection.execute(
        "INSERT INTO users (username, email, password_hash)"
        " SELECT 'person' || n, 'person' || n || '@example.org', 'x' FROM generate_series(5, %s) AS n",
        [PEOPLE],
    )
    connection.execute("INSERT INTO user_follows (follower_id, following_id) SELECT id, 1 FROM users WHERE id > 4")


@pytest.mark.usefixtures("crowd")
def test_an_upgrade_counts_everybody_who_was_there(
    empty_database: str, connection: psycopg.Connection, make: Factory
) -> None:
    downgrade(empty_database, "0013")
    done = alembic(empty_database, "upgrade", "head")
    assert done.returncode == 0, done.stderr
    assert f"Counted the followers, friends and posts of {PEOPLE} users." in done.stderr
    query = "SELECT followers_count, following_count, friends_count, posts_count FROM app.user_counts WHERE user_id = 1"
    assert connection.execute(query).fetchone() == (PEOPLE - 3, 1, 1, 1)
    assert make.scalar(ROWS) == PEOPLE
    assert differences(connection) == []
    assert "Counted" not in alembic(empty_database, "upgrade", "head").stderr


@pytest.mark.usefixtures("crowd")
def test_a_writer_in_the_middle_of_the_upgrade_is_counted(empty_database: str, connection: psycopg.Connection) -> None:
    downgrade(empty_database, "0013")
    with psycopg.connect(empty_database) as writer:
        Factory(writer).follow(3, 4)
        Factory(writer).post(3, published_at="2026-01-01T00:00:00Z")
        upgrading = threading.Thread(target=upgrade, args=[empty_database])
        upgrading.start()
        until_blocked_by(writer)
        writer.commit()
        upgrading.join()
    assert differences(connection) == []


@pytest.mark.usefixtures("crowd")
def test_counting_goes_on_where_it_was_killed(connection: psycopg.Connection) -> None:
    assert connection.execute("DELETE FROM app.user_counts WHERE user_id % 2 = 0").rowcount == PEOPLE // 2
    assert count_missing(connection) == PEOPLE // 2
    assert count_missing(connection) == 0
    assert differences(connection) == []


def test_counting_beside_writers_loses_nothing(
    empty_database: str, connection: psycopg.Connection, make: Factory
) -> None:
    for number in range(12):
        make.post(make.user(f"person{number}"))
    connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'".encode())
    counted = 0
    with ThreadPoolExecutor(SESSIONS) as writers:
        writing = [writers.submit(write, empty_database, 90 + seed, TRANSACTIONS) for seed in range(SESSIONS)]
        while not all(one.done() for one in writing):
            connection.execute("SET lock_timeout = 0")
            connection.execute("DELETE FROM app.user_counts WHERE user_id % 2 = 0")
            connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'".encode())
            counted += count_missing(connection)
        assert sum(one.result() for one in writing) > SESSIONS * TRANSACTIONS // 4
    assert counted > 20
    assert differences(connection) == []


@pytest.mark.usefixtures("crowd")
def test_the_script_leaves_the_counting_to_the_repair_and_says_so(
    empty_database: str, connection: psycopg.Connection
) -> None:
    downgrade(empty_database, "0013")
    script = alembic(None, "upgrade", "0013:head", "--sql").stdout
    assert script.count(REMINDER) == 1
    psql(empty_database, script)
    heard = list[str | None]()
    connection.add_notice_handler(lambda notice: heard.append(notice.message_primary))
    connection.execute(REMINDER)
    assert heard == ['Run "vrss counters repair": it counts the followers, friends and posts of users.']
    assert count_missing(connection) == PEOPLE
    connection.execute(REMINDER)
    assert len(heard) == 1
