"""Groups whose members go: another becomes the admin, and what nobody is in is deleted."""

from datetime import timedelta

import psycopg
import pytest

from db.maintenance import purges
from db.pool import Database
from tests.factories import Factory
from tests.jobs.scene import count, delete, scalar

NOW = timedelta(seconds=-1)


def begin(seeded: psycopg.Connection, *names: str) -> int:
    """A group of these people, the first of whom is its admin, with a word of each and a notification of it."""
    ids = [scalar(seeded, "SELECT id FROM users WHERE username = %s", name) for name in names]
    make = Factory(seeded)
    group = make.insert("conversations", kind="group", title="Tandem", participant_ids=ids)
    for number, person in enumerate(ids):
        make.insert("app.conversation_members", "user_id", conversation_id=group, user_id=person, is_admin=number == 0)
        make.insert("messages", conversation_id=group, sender_id=person, content="Hi")
        make.insert("notifications", user_id=person, type="message", conversation_id=group, title="Hi")
    return group


def leave(seeded: psycopg.Connection, group: int) -> None:
    seeded.execute("UPDATE app.conversation_members SET left_at = joined_at WHERE conversation_id = %s", [group])
    seeded.execute("INSERT INTO app.ended_conversations (conversation_id) VALUES (%s)", [group])


async def test_the_purge_of_an_admin_makes_another(seeded: psycopg.Connection, database: Database) -> None:
    group = begin(seeded, "ada", "ben", "mira")
    delete(seeded, "ben", days=0)  # who may not come back
    ada = delete(seeded, "ada", days=0)
    assert await purges.purge_account(database, ada, NOW)
    admins = seeded.execute(
        "SELECT u.username FROM app.conversation_members AS m JOIN users AS u ON u.id = m.user_id"
        " WHERE m.conversation_id = %s AND m.is_admin",
        [group],
    ).fetchall()
    assert admins == [("mira",)]
    assert count(seeded, "app.ended_conversations") == 0


async def test_the_purge_of_the_last_who_is_in_a_group_ends_it(seeded: psycopg.Connection, database: Database) -> None:
    group = begin(seeded, "ada", "ben")
    seeded.execute(
        "UPDATE app.conversation_members SET left_at = joined_at FROM users AS u"
        " WHERE u.id = user_id AND u.username = 'ben' AND conversation_id = %s",
        [group],
    )
    ada = delete(seeded, "ada", days=0)
    assert await purges.purge_account(database, ada, NOW)
    assert seeded.execute("SELECT conversation_id FROM app.ended_conversations").fetchall() == [(group,)]
    assert await purges.purge_ended_conversations(database) == 1
    assert scalar(seeded, "SELECT count(*) FROM conversations WHERE id = %s", group) == 0
    # What stands for Ada in other conversations stays; what stood for her in this one has gone with it.
    alone = "status = 'deleted' AND status_before_delete IS NULL"
    talks = "NOT EXISTS (SELECT FROM conversations AS c WHERE c.participant_ids @> ARRAY[t.id])"
    assert seeded.execute(f"SELECT count(*) FROM users AS t WHERE {alone} AND {talks}".encode()).fetchone() == (0,)


async def test_what_nobody_is_in_goes_in_batches_and_nothing_else(
    seeded: psycopg.Connection, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purges, "_BATCH", 3)
    monkeypatch.setattr(purges, "_GROUPS", 2)
    tables = ("conversations", "messages", "notifications", "app.conversation_members")
    before = [count(seeded, table) for table in tables]
    groups = [begin(seeded, "ada", "ben", "mira") for _ in range(5)]
    kept = begin(seeded, "ada", "ben")
    for group in groups:
        leave(seeded, group)
    assert await purges.purge_ended_conversations(database) == 5
    assert [count(seeded, table) for table in tables] == [before[0] + 1, *(number + 2 for number in before[1:])]
    assert scalar(seeded, "SELECT count(*) FROM messages WHERE conversation_id = %s", kept) == 2
    assert await purges.purge_ended_conversations(database) == 0
