"""Indexes that are built while people write: nobody waits for them, and half an index does not count."""

import subprocess

import psycopg
import pytest

from db.migrations.migrate import downgrade, upgrade
from db.migrations.readiness import problems
from tests.factories import Factory
from tests.schema.commands import ALEMBIC, PROJECT, environment
from tests.waiting import until_blocked_by

INDEXES = [
    ("0004", "0005", "idx_list_members_list_created", "list_members", "list_id"),
    ("0005", "0006", "idx_post_media_user_pictures", "post_media", "user_id"),
    ("0009", "0010", "idx_messages_sender_created", "messages", "sender_id"),
    ("0009", "0010", "app.idx_sessions_user_unrevoked", "app.sessions", "user_id"),
    ("0012", "0013", "idx_notifications_actor_user", "notifications", "actor_id"),
    ("0012", "0013", "idx_users_deleted", "users", "deleted_at"),
    ("0012", "0013", "idx_notifications_without_actor", "notifications", "id"),
    ("0022", "0025", "notifications_mention_once_key", "notifications", "post_id"),
    ("0036", "0037", "notifications_comment_once_key", "notifications", "comment_id"),
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
        connection.execute(f"CREATE INDEX {index.removeprefix('app.')} ON {table} ({column})".encode())
        connection.execute("UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = %s::regclass", [index])
        upgrade(empty_database, revision)
        assert connection.execute(definition, [index]).fetchall() == whole
        assert whole[0][1] is True


def test_a_revision_that_replaces_indexes_resumes_after_an_interruption(empty_database: str) -> None:
    names = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'messages'::regclass ORDER BY 1"
    with psycopg.connect(empty_database, autocommit=True) as connection:
        downgrade(empty_database, "0010")
        whole = connection.execute(names).fetchall()
        assert ("idx_messages_sender_created",) in whole
        downgrade(empty_database, "0009")
        assert ("idx_messages_sender",) in connection.execute(names).fetchall()
        connection.execute("CREATE INDEX idx_messages_sender_created ON messages (sender_id, created_at DESC, id DESC)")
        connection.execute("DROP INDEX idx_messages_sender")
        upgrade(empty_database, "0010")
        assert connection.execute(names).fetchall() == whole


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


def test_of_two_notifications_of_one_mention_the_first_stays(empty_database: str) -> None:
    downgrade(empty_database, "0022")
    with psycopg.connect(empty_database, autocommit=True) as connection:
        make = Factory(connection)
        connection.execute("SET session_replication_role = replica")
        ada, ben, cleo, _ = make.cast()
        given = {"actor_id": ada, "post_id": make.post(ada, published_at="2026-01-01"), "title": "x"}
        first, again = (make.insert("notifications", user_id=ben, type="mention", **given) for _ in range(2))
        others = [
            make.insert("notifications", user_id=cleo, type="mention", **given),
            make.insert("notifications", user_id=ben, type="comment", **given),
            make.insert("notifications", user_id=ben, type="comment", **given),
        ]
        upgrade(empty_database, "head")
        left = connection.execute("SELECT id FROM notifications ORDER BY id").fetchall()
        assert [id_ for (id_,) in left] == [first, *others]
        assert again not in {id_ for (id_,) in left}


def test_a_column_is_added_behind_a_busy_table_and_keeps_nobody_waiting(empty_database: str) -> None:
    downgrade(empty_database, "0036")
    with psycopg.connect(empty_database) as one, psycopg.connect(empty_database) as other:
        make = Factory(other)
        other.execute("SET session_replication_role = replica")
        ada, ben, *_ = make.cast()
        comment = make.comment(ben, make.post(ada, published_at="2026-01-01"))
        given = {"user_id": ada, "actor_id": ben, "title": "x", "comment_id": comment}
        first, again, like = (make.insert("notifications", **given, type=t) for t in ("comment", "mention", "like"))
        other.commit()
        one.execute("SELECT FROM notifications")
        migrator = subprocess.Popen(
            [ALEMBIC, "upgrade", "0037"], cwd=PROJECT, env=environment(empty_database), stderr=subprocess.DEVNULL
        )
        until_blocked_by(one)
        other.execute("SET lock_timeout = '10s'")  # the migrator gives up after 200 ms
        assert other.execute("SELECT id FROM notifications ORDER BY id").fetchall() == [(first,), (again,), (like,)]
        other.commit()
        one.commit()
        assert migrator.wait() == 0
        other.execute(
            "UPDATE notifications SET is_read = TRUE, read_at = now(), withdrawn_at = now() WHERE id = %s", [like]
        )
        other.commit()
        assert other.execute("SELECT id FROM notifications ORDER BY id").fetchall() == [(first,), (like,)]
        other.commit()
        downgrade(empty_database, "0036")
        assert other.execute("SELECT id FROM notifications").fetchall() == [(first,)]
