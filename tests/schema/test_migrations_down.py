"""A way down stops nobody: what takes long is done before its locks, and may be broken off and begun again."""

import re
import subprocess

import psycopg
import pytest

from db.migrations.indexes import leading, of_ways_down
from db.migrations.migrate import downgrade, dump_schema, upgrade
from db.migrations.readiness import current, head
from db.migrations.revision import MIGRATIONS
from tests.schema.commands import ALEMBIC, PROJECT, alembic, environment, psql
from tests.schema.test_migrations import REVISIONS
from tests.waiting import until_blocked_by

# Each way down that builds an index, with a table that gets one.
BUILDING = {
    "0010": "app.sessions",
    "0012": "users",
    "0013": "notifications",
    "0031": "app.post_search",
}
BELOW = {revision: below for below, revision in REVISIONS}

# Whom these keep waiting: a writer, or everybody.
STRONG = """
SELECT relation::regclass::text, mode FROM pg_locks
WHERE pid = %s AND locktype = 'relation' AND granted
    AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
"""
INVALID = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"


def broken_off(url: str, revision: str) -> list[str]:
    """Go down from a revision until it waits for a writer of the table, and break it off; the invalid indexes."""
    with psycopg.connect(url) as writer:
        writer.execute(f"LOCK TABLE {BUILDING[revision]} IN ROW EXCLUSIVE MODE".encode())
        migrator = subprocess.Popen(
            [ALEMBIC, "downgrade", BELOW[revision]], cwd=PROJECT, env=environment(url), stderr=subprocess.DEVNULL
        )
        pid = until_blocked_by(writer)
        with psycopg.connect(url, autocommit=True) as observer:
            assert observer.execute(STRONG, [pid]).fetchall() == []
            observer.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
            assert migrator.wait() != 0
            return [name for (name,) in observer.execute(INVALID).fetchall()]


@pytest.mark.parametrize("revision", BUILDING)
def test_an_index_of_a_way_down_is_built_without_locks_and_again(blank_database: str, revision: str) -> None:
    upgrade(blank_database, BELOW[revision])
    below = dump_schema(blank_database)
    upgrade(blank_database, revision)
    before = dump_schema(blank_database)
    (left,) = broken_off(blank_database, revision)
    assert f"{'' if '.' in left else 'public.'}{left}" in of_ways_down(revision)
    assert current(blank_database) == revision
    upgrade(blank_database, revision)
    assert dump_schema(blank_database) == before
    assert broken_off(blank_database, revision) == [left]
    downgrade(blank_database, BELOW[revision])
    assert dump_schema(blank_database) == below
    with psycopg.connect(blank_database) as connection:
        assert connection.execute(INVALID).fetchall() == []


@pytest.mark.parametrize("way", ["command", "script"])
def test_an_upgrade_drops_what_a_downgrade_has_left_at_head(empty_database: str, way: str) -> None:
    before = dump_schema(empty_database)
    with psycopg.connect(empty_database, autocommit=True) as connection:
        for name in of_ways_down(head()):
            schema, _, index = name.partition(".")
            table = "users" if schema == "public" else "app.sessions"
            connection.execute(f"CREATE INDEX {index} ON {table} ((1))".encode())
    assert dump_schema(empty_database) != before
    if way == "command":
        upgrade(empty_database)
    else:
        psql(empty_database, alembic(None, "upgrade", f"{head()}:head", "--sql").stdout)
    assert dump_schema(empty_database) == before


def test_no_way_down_builds_an_index_under_its_locks() -> None:
    rests = {path.name: leading(path.read_text("utf-8"))[1] for path in MIGRATIONS.glob("*.down.sql")}
    assert [name for name, rest in rests.items() if re.search(r"\b(INDEX \w+\s+ON|UNIQUE|PRIMARY KEY)\b", rest)] == []


def test_no_way_up_makes_again_what_upgrades_drop() -> None:
    made = [(path.name[:4], path.read_text("utf-8")) for path in sorted(MIGRATIONS.glob("*.up.sql"))]
    for number, text in made:
        names = [name.partition(".")[2] for name in of_ways_down(number)]
        assert [name for name in names if re.search(rf"CREATE .*INDEX .*\b{name}\b", text)] == [], number
