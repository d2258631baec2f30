"""Scaled data: repeated, refused, and killed in the middle."""

import os
import signal
import struct
import subprocess
import sys
from datetime import UTC, datetime
from multiprocessing import Pipe, active_children
from queue import Queue

import psycopg
import pytest
from psycopg import sql

from db.migrations.migrate import dump_schema
from db.seed import SeedRefusedError, seed
from db.seed.scaled import making, seed_scaled
from db.settings import OperatorError
from tests.factories import Factory
from tests.seed.rows import contents, one
from tests.seed.waiting import waiting_backends

ANCHOR = datetime(2026, 5, 4, tzinfo=UTC)
SMALL = 300

SEEDING = f"""
import sys
from datetime import datetime
from db.seed.scaled import seed_scaled
seed_scaled(sys.argv[1], {SMALL}, anchor=datetime.fromisoformat(sys.argv[2]))
"""


def test_the_same_size_and_variant_give_the_same_rows(empty_database: str, second_database: str) -> None:
    first = seed_scaled(empty_database, SMALL, anchor=ANCHOR)
    seed(second_database, anchor=ANCHOR)
    assert seed_scaled(second_database, SMALL) == first
    held = contents(empty_database)
    assert contents(second_database) == held
    again = seed_scaled(empty_database, SMALL)
    assert (again.is_new, again.posts, again.people) == (False, SMALL, SMALL // 10)
    assert seed(empty_database).is_new is False
    assert contents(empty_database) == held


def test_another_variant_gives_other_rows(empty_database: str, second_database: str) -> None:
    seed_scaled(empty_database, SMALL, anchor=ANCHOR)
    seed_scaled(second_database, SMALL, variant=1, anchor=ANCHOR)
    for table in ("public.posts", "public.user_follows", "public.comments", "public.messages"):
        assert contents(empty_database)[table] != contents(second_database)[table]


@pytest.mark.parametrize(("posts", "variant"), [(SMALL + 100, 0), (SMALL, 1)])
def test_another_size_or_variant_is_refused(empty_database: str, posts: int, variant: int) -> None:
    seed_scaled(empty_database, SMALL, anchor=ANCHOR)
    held = contents(empty_database)
    with pytest.raises(SeedRefusedError, match=r"holds scaled people of posts-300\.variant-0"):
        seed_scaled(empty_database, posts, variant=variant)
    assert contents(empty_database) == held


def test_a_database_with_other_people_is_left_alone(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        Factory(connection).user("grace")
    held = contents(empty_database)
    with pytest.raises(SeedRefusedError, match="holds another person"):
        seed_scaled(empty_database, SMALL)
    assert contents(empty_database) == held


@pytest.mark.parametrize("posts", [99, 20_000_001])
def test_a_size_out_of_bounds_is_refused(empty_database: str, posts: int) -> None:
    with pytest.raises(SeedRefusedError, match="between 100 and 20,000,000"):
        seed_scaled(empty_database, posts)
    assert one(empty_database, b"SELECT count(*) FROM users") == 0


def test_killed_in_the_middle_it_leaves_the_demo_people_and_works_again(
    empty_database: str, second_database: str
) -> None:
    schema = dump_schema(empty_database)
    demo = seed(empty_database, anchor=ANCHOR)
    with psycopg.connect(empty_database, autocommit=True) as watcher, psycopg.connect(empty_database) as barrier:
        # The seeding comes to the sequences when the tables are full and have their indexes again.
        barrier.execute("ALTER SEQUENCE public.users_id_seq CACHE 1")
        with subprocess.Popen([sys.executable, "-c", SEEDING, empty_database, ANCHOR.isoformat()]) as seeding:
            pid = next(waiting_backends(watcher))
            seeding.kill()
        barrier.rollback()
        while watcher.execute("SELECT FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone() is not None:
            pass
        assert watcher.execute("SELECT count(*) FROM users").fetchone() == (demo.users,)
    assert dump_schema(empty_database) == schema
    assert seed_scaled(empty_database, SMALL).is_new
    seed_scaled(second_database, SMALL, anchor=ANCHOR)
    mine, other = contents(empty_database), contents(second_database)
    assert {name: rows for name, rows in mine.items() if name != "sequences"}.keys() == other.keys() - {"sequences"}
    assert mine["public.posts"] == other["public.posts"]
    assert mine["public.comments"] == other["public.comments"]


def test_made_ahead_by_another_process_the_rows_are_the_same(
    empty_database: str, second_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed_scaled(empty_database, SMALL, anchor=ANCHOR)
    monkeypatch.setattr(making, "LEAST_POSTS_AHEAD", SMALL)
    assert seed_scaled(second_database, SMALL, anchor=ANCHOR).is_new
    assert contents(second_database) == contents(empty_database)
    assert active_children() == []


def test_when_the_maker_of_the_rows_is_killed_nothing_is_written(empty_database: str) -> None:
    schema = dump_schema(empty_database)
    seed(empty_database, anchor=ANCHOR)
    held = contents(empty_database)
    with pytest.raises(OperatorError, match=r"ended too early \(-9\): nothing is written"):
        seed_scaled(empty_database, 1_000_000, progress=Killer())
    assert (contents(empty_database), dump_schema(empty_database)) == (held, schema)
    assert active_children() == []


def test_a_maker_that_is_cut_off_in_the_middle_of_an_item_has_ended() -> None:
    receiving, sending = Pipe(duplex=False)
    with sending:
        sending.send("people")
        os.write(sending.fileno(), struct.pack("!i", 1_000) + b"its beginning")
    items: Queue[object] = Queue()
    making.receive(receiving, items)  # pyright: ignore[reportArgumentType]
    assert [items.get(), items.get(), items.empty()] == ["people", None, True]


class Killer:
    """Ends the process that makes the rows as soon as the first have come."""

    def begin(self, what: str, steps: int) -> None:
        pass

    def advance(self, steps: int) -> None:  # noqa: ARG002  (Progress names it)
        for maker in active_children():
            os.kill(maker.pid or 0, signal.SIGKILL)
            maker.join()


def test_a_role_that_may_not_disable_triggers_is_refused(empty_database: str) -> None:
    seed(empty_database, anchor=ANCHOR)
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("CREATE ROLE cleo_the_owner LOGIN")
        try:
            for schema in ("public", "app"):
                connection.execute(
                    sql.SQL("GRANT USAGE ON SCHEMA {0} TO cleo_the_owner; "
                            "GRANT SELECT ON ALL TABLES IN SCHEMA {0} TO cleo_the_owner").format(sql.Identifier(schema))
                )  # fmt: skip
            url = empty_database.replace(f"//{connection.info.user}", "//cleo_the_owner")
            with pytest.raises(SeedRefusedError, match="GRANT SET ON PARAMETER session_replication_role"):
                seed_scaled(url, SMALL)
        finally:
            connection.execute("DROP OWNED BY cleo_the_owner; DROP ROLE cleo_the_owner")
