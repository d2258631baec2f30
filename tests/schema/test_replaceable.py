"""Triggers and functions follow their files: replaced when these differ, dropped when gone, missed by name."""

import threading
from pathlib import Path

import psycopg
import pytest

from db.migrations import replaceable
from db.migrations.migrate import downgrade, dump_schema, upgrade
from db.migrations.readiness import problems
from db.settings import OperatorError
from tests.factories import Factory
from tests.schema.commands import alembic
from tests.waiting import until_blocked_by

BINDING = """
update_updated_at_column update_post_likes_count update_post_comments_count update_post_reposts_count
update_comment_replies_count create_friendship_on_mutual_follow
update_storage_on_media_insert update_storage_on_media_delete
"""


def forget(connection: psycopg.Connection) -> None:
    """Let the database seem to run another version of the files."""
    connection.execute("UPDATE app.replaceable_sql SET digest = 'another'")


def test_the_eight_functions_of_the_design_are_there_and_used(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        used = connection.execute(
            "SELECT DISTINCT proname FROM pg_trigger INNER JOIN pg_proc ON tgfoid = pg_proc.oid"
            " WHERE NOT tgisinternal AND pronamespace = 'app'::regnamespace"
        )
        assert {name for (name,) in used} >= set(BINDING.split())


def test_every_trigger_and_function_of_the_files_is_found_by_name(empty_database: str) -> None:
    """What `missing` compares with is all there is: no definition escapes its patterns."""
    text = replaceable.definitions()
    with psycopg.connect(empty_database) as connection:
        functions = connection.execute("SELECT proname FROM pg_proc WHERE pronamespace = 'app'::regnamespace")
        assert sorted(replaceable.FUNCTION.findall(text)) == sorted(name for (name,) in functions)
        triggers = connection.execute(
            "SELECT tgname, relnamespace::regnamespace || '.' || relname FROM pg_trigger"
            " INNER JOIN pg_class ON tgrelid = pg_class.oid WHERE NOT tgisinternal"
            " AND relnamespace <> 'jobs'::regnamespace"  # of the engine, made by a revision
        )
        found = [(match["name"], match["table"]) for match in replaceable.TRIGGER.finditer(text)]
        assert sorted(found) == sorted(triggers.fetchall())


def test_changed_objects_are_replaced_and_removed_ones_are_dropped(empty_database: str) -> None:
    before = dump_schema(empty_database)
    with psycopg.connect(empty_database) as connection:
        connection.execute("CREATE FUNCTION app.old() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
        connection.execute("CREATE TRIGGER old AFTER INSERT ON posts EXECUTE FUNCTION app.old()")
        connection.execute(
            "CREATE OR REPLACE FUNCTION app.update_post_likes_count() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NULL; END'"
        )
        forget(connection)
    upgrade(empty_database)
    assert dump_schema(empty_database) == before
    assert problems(empty_database) == []


def test_what_does_not_differ_is_left_alone(empty_database: str) -> None:
    written = "SELECT max(xmin::text::bigint) FROM pg_proc WHERE pronamespace = 'app'::regnamespace"
    with psycopg.connect(empty_database) as connection:
        before = connection.execute(written).fetchone()
    upgrade(empty_database)
    with psycopg.connect(empty_database) as connection:
        assert connection.execute(written).fetchone() == before


@pytest.mark.parametrize("arguments", [["current"], ["history"], ["stamp", "head"]])
def test_only_an_upgrade_replaces(empty_database: str, arguments: list[str]) -> None:
    with psycopg.connect(empty_database) as connection:
        forget(connection)
    assert alembic(empty_database, *arguments).returncode == 0
    with psycopg.connect(empty_database) as connection:
        assert replaceable.applied(connection) == "another"


def test_below_head_there_is_none_but_the_guard(empty_database: str) -> None:
    downgrade(empty_database, "-1")
    with psycopg.connect(empty_database) as connection:
        rows = connection.execute("SELECT proname FROM pg_proc WHERE pronamespace = 'app'::regnamespace")
        assert rows.fetchall() == [("refuse_below_head",)]
        assert replaceable.applied(connection) is None


def test_a_dropped_trigger_function_is_missed_by_its_name(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute("DROP FUNCTION app.update_post_likes_count() CASCADE")
    assert problems(empty_database)[0] == "Missing function app.update_post_likes_count."
    with pytest.raises(OperatorError, match=r"Missing function app\.update_post_likes_count\."):
        upgrade(empty_database)
    done = alembic(empty_database, "upgrade", "head")
    assert done.returncode != 0
    assert "app.update_post_likes_count" in done.stdout + done.stderr

    with psycopg.connect(empty_database) as connection:
        connection.execute("DELETE FROM app.replaceable_sql")
    upgrade(empty_database)
    assert problems(empty_database) == []


def test_a_disabled_trigger_counts_as_missing(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute("ALTER TABLE reposts DISABLE TRIGGER update_post_reposts_count_on_insert")
    assert problems(empty_database) == [
        "Missing or disabled trigger update_post_reposts_count_on_insert on public.reposts."
    ]


def test_a_function_missing_from_the_files_stops_the_upgrade_at_the_start(
    blank_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in replaceable.SQL.rglob("*.sql"):
        copy = tmp_path / file.relative_to(replaceable.SQL)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text()
        copy.write_text(text.replace("FUNCTION app.update_post_likes_count() RETURNS", "FUNCTION app.typo() RETURNS"))
    monkeypatch.setattr(replaceable, "SQL", tmp_path)
    with pytest.raises(OperatorError, match=r"app\.update_post_likes_count"):
        replaceable.definitions()
    before = dump_schema(blank_database)
    with pytest.raises(OperatorError, match=r"Missing trigger function .*app\.update_post_likes_count"):
        upgrade(blank_database)
    assert dump_schema(blank_database) == before


def test_a_reader_does_not_hold_the_replacement_up(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        forget(connection)
    with psycopg.connect(empty_database) as reader:
        reader.execute("SELECT count(*) FROM posts")
        upgrade(empty_database)
    assert problems(empty_database) == []


def test_a_writer_is_waited_for_and_those_behind_may_pass(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        ada, ben = Factory(connection).user("ada"), Factory(connection).user("ben")
        forget(connection)
    with psycopg.connect(empty_database) as writer, psycopg.connect(empty_database) as behind:
        its = Factory(writer).post(ada)
        upgrading = threading.Thread(target=upgrade, args=[empty_database])
        upgrading.start()
        until_blocked_by(writer)
        behind.execute("SET lock_timeout = '10s'")
        Factory(behind).post(ben)
        behind.commit()
        writer.commit()
        upgrading.join()
        Factory(writer).like(ada, its)
        assert writer.execute("SELECT likes_count FROM posts WHERE id = %s", [its]).fetchall() == [(1,)]
    assert problems(empty_database) == []
