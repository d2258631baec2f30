"""Each revision has its way back, by API, by command and as a script, alone or in a crowd."""

import difflib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory

from db.migrations.migrate import config, downgrade, dump_schema, upgrade
from db.migrations.readiness import current, head, problems
from db.migrations.revision import MIGRATIONS
from db.settings import OperatorError
from tests.schema.commands import ALEMBIC, PROJECT, alembic, environment, psql
from tests.servers import Server, database
from tests.waiting import until_blocked_by

REVISIONS = [
    (str(script.down_revision or "base"), script.revision)
    for script in reversed(list(ScriptDirectory.from_config(config()).walk_revisions()))
]
ROWS_ALONE = {"0011"}  # revisions that change no table


def difference(before: str, after: str) -> str:
    return "\n".join(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))


def at_base(url: str) -> str:
    """A database with alembic's own table and nothing else; its dump."""
    command.stamp(config(url), "base")
    return dump_schema(url)


def drop_extensions(url: str) -> None:
    """They stay for an operator who had them before, and nothing else needs them below 0024."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP EXTENSION btree_gin, pg_trgm RESTRICT")


@pytest.fixture(scope="module")
def climbing(server: Server) -> Iterator[str]:
    """The URL of a database that goes up one revision with each test."""
    with database(server) as name:
        yield server.url(name)


@pytest.mark.parametrize(("below", "revision"), REVISIONS)
def test_the_way_back_leads_to_where_one_was(climbing: str, below: str, revision: str) -> None:
    if below == "base":
        before = at_base(climbing)
    else:
        upgrade(climbing, below)
        before = dump_schema(climbing)
    upgrade(climbing, revision)
    assert (dump_schema(climbing) == before) is (revision in ROWS_ALONE)
    downgrade(climbing, below)
    if revision == "0024":
        drop_extensions(climbing)
    left_over = difference(before, dump_schema(climbing))
    assert not left_over, f"{revision}.down.sql does not undo:\n{left_over}"


def test_down_to_base_and_up_again_is_the_same(empty_database: str) -> None:
    before = dump_schema(empty_database)
    downgrade(empty_database, "base")
    assert current(empty_database) is None
    upgrade(empty_database)
    assert not difference(before, dump_schema(empty_database))
    assert current(empty_database) == head() == REVISIONS[-1][1]


def test_every_revision_is_one_pair_of_files() -> None:
    stems = {Path(script.path).stem for script in ScriptDirectory.from_config(config()).walk_revisions()}
    assert {file.name for file in MIGRATIONS.iterdir()} == {
        f"{stem}.{way}.sql" for stem in stems for way in ("up", "down")
    }


def test_the_command_needs_nothing_but_the_url(blank_database: str, empty_database: str) -> None:
    done = alembic(blank_database, "upgrade", "head")
    assert done.returncode == 0, done.stderr
    assert "Running upgrade 0003 -> 0004" in done.stderr
    assert not difference(dump_schema(empty_database), dump_schema(blank_database))
    assert problems(blank_database) == []
    assert alembic(blank_database, "current").stdout == f"{head()} (head)\n"


def test_without_a_url_the_command_says_so_in_one_sentence() -> None:
    done = alembic(None, "upgrade", "head")
    assert done.returncode != 0
    assert "DATABASE_URL is not set: it says which database to migrate." in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_is_away_is_one_sentence() -> None:
    done = alembic("postgresql:///vrss?host=/nonexistent", "upgrade", "head")
    assert done.returncode != 0
    assert "The database does not answer" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_script_makes_the_same_as_the_upgrade(blank_database: str, empty_database: str) -> None:
    script = alembic(None, "upgrade", "head", "--sql")
    assert script.returncode == 0, script.stderr
    psql(blank_database, script.stdout)
    assert not difference(dump_schema(empty_database), dump_schema(blank_database))
    assert problems(blank_database) == []
    tiers = "SELECT * FROM subscription_tiers"
    with psycopg.connect(blank_database) as scripted, psycopg.connect(empty_database) as upgraded:
        assert scripted.execute(tiers).fetchall() == upgraded.execute(tiers).fetchall()


def test_the_script_of_the_way_back_leads_back(empty_database: str, server: Server) -> None:
    script = alembic(None, "downgrade", f"{head()}:base", "--sql")
    assert script.returncode == 0, script.stderr
    psql(empty_database, script.stdout)
    drop_extensions(empty_database)
    with database(server) as blank:
        assert not difference(at_base(server.url(blank)), dump_schema(empty_database))


def test_looking_changes_nothing(blank_database: str) -> None:
    nothing = dump_schema(blank_database)
    assert alembic(blank_database, "current").returncode == 0
    assert dump_schema(blank_database) == nothing
    assert current(blank_database) is None


def test_a_killed_migrator_leaves_whole_revisions_and_the_next_one_goes_on(
    blank_database: str, empty_database: str
) -> None:
    upgrade(blank_database, "0002")
    with psycopg.connect(blank_database) as blocker:
        # 0003 knows no posts; far into 0004 a foreign key needs them, and somebody holds them.
        blocker.execute("LOCK TABLE posts IN ROW EXCLUSIVE MODE")
        migrator = subprocess.Popen(
            [ALEMBIC, "upgrade", "head"],
            cwd=PROJECT,
            env=environment(blank_database),
            stderr=subprocess.DEVNULL,
        )
        until_blocked_by(blocker)
        os.kill(migrator.pid, signal.SIGKILL)
        migrator.wait()
        blocker.rollback()
    assert current(blank_database) == "0003"
    upgrade(blank_database)
    assert not difference(dump_schema(empty_database), dump_schema(blank_database))
    assert problems(blank_database) == []


@pytest.mark.parametrize("way", ["upgrade", "downgrade"])
def test_tables_that_stay_busy_are_named_in_one_sentence(
    blank_database: str, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    upgrade(blank_database, "0026")
    monkeypatch.setattr("db.migrations.revision.ATTEMPTS", 2)
    with psycopg.connect(blank_database) as blocker:
        blocker.execute("LOCK TABLE feed_filters, custom_feeds IN ROW EXCLUSIVE MODE")
        with pytest.raises(OperatorError, match="was not migrated: The tables stay busy"):
            upgrade(blank_database) if way == "upgrade" else downgrade(blank_database, "0025")
    assert problems(blank_database) != []
    assert way == "upgrade" or current(blank_database) == "0026"
    upgrade(blank_database)
    assert problems(blank_database) == []


def test_two_migrators_at_once_do_not_collide(blank_database: str, empty_database: str) -> None:
    both = [
        subprocess.Popen(
            [ALEMBIC, "upgrade", "head"],
            cwd=PROJECT,
            env=environment(blank_database),
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [migrator.communicate()[1] for migrator in both]
    assert [migrator.returncode for migrator in both] == [0, 0], said
    assert sum("Running upgrade 0001 -> 0002" in text for text in said) == 1
    assert not difference(dump_schema(empty_database), dump_schema(blank_database))


def test_the_newest_migration_is_the_head_of_alembic() -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == head()
