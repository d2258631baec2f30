"""Seeding again, elsewhere, half-way, at once, and where it must not."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from db.seed import SeedRefusedError, demo_people, seed
from tests.seed.rows import contents, one
from tests.seed.waiting import waiting_backends

ANCHOR = datetime(2026, 5, 4, tzinfo=UTC)

SEEDING = """
import sys
from datetime import datetime
from db.seed import seed
seed(sys.argv[1], anchor=datetime.fromisoformat(sys.argv[2]))
"""


def test_the_default_anchor_is_the_start_of_the_day(empty_database: str) -> None:
    before = datetime.now(UTC).date()
    summary = seed(empty_database)
    assert before <= summary.anchor.date() <= datetime.now(UTC).date()
    assert summary.anchor == summary.anchor.replace(hour=0, minute=0, second=0, microsecond=0)
    week = b"SELECT count(*) FROM posts WHERE created_at > now() - interval '7 days'"
    assert one(empty_database, week) >= 10


def test_the_summary_counts_what_is_there(empty_database: str) -> None:
    summary = seed(empty_database, anchor=ANCHOR)
    assert summary.is_new
    for table, count in (
        (b"users", summary.users),
        (b"posts", summary.posts),
        (b"comments", summary.comments),
        (b"friendships", summary.friendships),
        (b"messages", summary.messages),
    ):
        assert count == one(empty_database, b"SELECT count(*) FROM " + table)
        assert count > 0


def test_seeding_twice_changes_nothing(empty_database: str) -> None:
    first = seed(empty_database, anchor=ANCHOR)
    held = contents(empty_database)
    for again in (seed(empty_database), seed(empty_database, anchor=ANCHOR)):
        assert (again.anchor, again.is_new, again.posts) == (ANCHOR, False, first.posts)
        assert contents(empty_database) == held


def test_the_same_anchor_gives_the_same_rows_anywhere(empty_database: str, second_database: str) -> None:
    seed(empty_database, anchor=ANCHOR)
    seed(second_database, anchor=ANCHOR)
    assert contents(second_database) == contents(empty_database)


def test_another_anchor_moves_every_time_and_nothing_else(empty_database: str, second_database: str) -> None:
    seed(empty_database, anchor=ANCHOR)
    seed(second_database, anchor=ANCHOR + timedelta(days=3))
    query = b"SELECT jsonb_agg(to_jsonb(p) - '{created_at,updated_at,published_at,scheduled_for,drafted_at}'::text[]"
    assert one(empty_database, query + b" ORDER BY id) FROM posts AS p") == one(
        second_database, query + b" ORDER BY id) FROM posts AS p"
    )
    newest = b"SELECT max(created_at) FROM posts"
    assert one(second_database, newest) - one(empty_database, newest) == timedelta(days=3)


def test_another_anchor_is_refused_where_people_are(empty_database: str) -> None:
    seed(empty_database, anchor=ANCHOR)
    held = contents(empty_database)
    with pytest.raises(SeedRefusedError, match="seeded with the anchor 2026-05-04T00:00:00"):
        seed(empty_database, anchor=ANCHOR + timedelta(days=1))
    assert contents(empty_database) == held


@pytest.mark.parametrize("name", ["grace", "ada"])
def test_a_database_with_other_people_is_left_alone(empty_database: str, name: str) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute(
            "INSERT INTO users (username, email, password_hash) VALUES (%s, %s, 'x')", [name, f"{name}@home.example"]
        )
    held = contents(empty_database)
    with pytest.raises(SeedRefusedError, match="holds another person; demo data goes only into an empty database"):
        seed(empty_database)
    assert contents(empty_database) == held


def test_an_anchor_without_time_zone_is_refused(empty_database: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        seed(empty_database, anchor=datetime(2026, 5, 4))  # noqa: DTZ001
    assert one(empty_database, b"SELECT count(*) FROM users") == 0


def test_two_seedings_at_once_make_one(empty_database: str, second_database: str) -> None:
    with ThreadPoolExecutor(2) as threads:
        runs = [threads.submit(seed, empty_database, anchor=ANCHOR) for _ in range(2)]
        summaries = [run.result() for run in runs]
    assert sorted(summary.is_new for summary in summaries) == [False, True]
    seed(second_database, anchor=ANCHOR)
    assert contents(empty_database) == contents(second_database)


def test_killed_in_the_middle_it_leaves_nothing_and_works_again(empty_database: str, second_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as watcher, psycopg.connect(empty_database) as barrier:
        # Whoever writes messages waits here: by then, people and posts are written.
        barrier.execute("LOCK TABLE public.messages IN SHARE MODE")
        with subprocess.Popen([sys.executable, "-c", SEEDING, empty_database, ANCHOR.isoformat()]) as seeding:
            pid = next(waiting_backends(watcher))
            seeding.kill()
        barrier.rollback()
        while watcher.execute("SELECT FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone() is not None:
            pass
        assert watcher.execute("SELECT count(*) FROM users").fetchone() == (0,)
    assert seed(empty_database, anchor=ANCHOR).is_new
    seed(second_database, anchor=ANCHOR)
    assert contents(empty_database) == contents(second_database)


def test_demo_people_are_those_of_the_main_four_who_can_sign_in(empty_database: str) -> None:
    assert demo_people(empty_database) == []
    seed(empty_database, anchor=ANCHOR)
    assert demo_people(empty_database) == ["ada", "ben", "cleo", "dan"]
    with psycopg.connect(empty_database) as connection:
        connection.execute("UPDATE users SET email = 'somebody@example.org' WHERE username = 'ben'")
        connection.execute("UPDATE users SET username = 'cleopatra' WHERE username = 'cleo'")
        connection.execute("UPDATE users SET status = 'suspended' WHERE username = 'dan'")
    assert demo_people(empty_database) == ["ada"]
