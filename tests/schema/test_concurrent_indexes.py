"""Indexes that are built while people write: nobody waits for them, and half an index does not count."""

import subprocess

import psycopg
import pytest

from db.migrate import downgrade, upgrade
from db.readiness import problems
from tests.schema.commands import ALEMBIC, PROJECT, environment
from tests.waiting import until_blocked_by

INDEXES = [
    ("0004", "0005", "idx_list_members_list_created", "list_members", "list_id"),
    ("0005", "0006", "idx_post_media_user_pictures", "post_media", "user_id"),
]


@pytest.mark.parametrize(("below", "revision", "index", "table", "column"), INDEXES)
def test_half_an_index_is_built_anew(
    empty_database: str, below: str, revision: str, index: str, table: str, column: str
) -> None:
    definition = "SELECT pg_get_indexdef(indexrelid), indisvalid FROM pg_index WHERE indexrelid = %s::regclass"
    with psycopg.connect(empty_database, autocommit=True) as connection:
        whole = connection.execute(definition, [index]).fetchall()
        downgrade(empty_database, below)
        assert connection.execute("SELECT to_regclass(%s)", [index]).fetchall() == [(None,)]
        connection.execute(f"CREATE INDEX {index} ON {table} ({column})".encode())
        connection.execute("UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = %s::regclass", [index])
        upgrade(empty_database, revision)
        assert connection.execute(definition, [index]).fetchall() == whole
        assert whole[0][1] is True


def test_nobody_who_writes_waits_for_the_migrator(empty_database: str) -> None:
    downgrade(empty_database, "0004")
    with psycopg.connect(empty_database) as one, psycopg.connect(empty_database) as other:
        other.execute("SET lock_timeout = '1s'")
        other.execute("INSERT INTO users (username, email, password_hash) VALUES ('ada', 'ada@example.org', 'x')")
        other.execute("INSERT INTO user_lists (user_id, name) SELECT id, 'friends' FROM users")
        other.commit()
        one.execute("LOCK TABLE list_members, post_media IN ROW EXCLUSIVE MODE")  # as an INSERT does
        migrator = subprocess.Popen(
            [ALEMBIC, "upgrade", "head"], cwd=PROJECT, env=environment(empty_database), stderr=subprocess.DEVNULL
        )
        until_blocked_by(one)
        other.execute("INSERT INTO list_members (list_id, user_id) SELECT id, user_id FROM user_lists")
        other.commit()
        one.commit()
        assert migrator.wait() == 0
    assert problems(empty_database) == []
