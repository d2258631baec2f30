"""Whatever the order in which transactions end, each event is read once: against the database itself."""

import asyncio
import random
import secrets
from collections.abc import AsyncGenerator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial

import psycopg
import pytest

from api.live.events import Events, MessageEventRow, NotificationEventRow, events
from api.live.hub import Hub
from api.live.positions import Stream
from db.pool import Pool
from db.settings import DatabaseSettings
from tests.factories import Factory

NOTIFY = "INSERT INTO notifications (user_id, type, title) VALUES (%s, 'system', %s) RETURNING id"
SAY = """
WITH touched AS (UPDATE app.conversation_members SET last_message_at = clock_timestamp() WHERE conversation_id = %(c)s)
INSERT INTO messages (conversation_id, sender_id, content, created_at)
VALUES (%(c)s, %(sender)s, 'x', clock_timestamp()) RETURNING id
"""
OPEN = "INSERT INTO app.sessions (user_id, token_hash, expires_at) VALUES (%s, %s, now() + interval '1 hour')"
SEEDS = range(3)


@pytest.fixture
def people(empty_database: str) -> list[int]:
    """Three people. The first talks with both others."""
    with psycopg.connect(empty_database, autocommit=True) as connection:
        factory = Factory(connection)
        return [factory.user(name) for name in ("ada", "ben", "cleo")]


def conversation(database_url: str, one: int, other: int) -> int:
    with psycopg.connect(database_url, autocommit=True) as connection:
        factory = Factory(connection)
        made = factory.insert("conversations", kind="direct", participant_ids=[one, other])
        for person in (one, other):
            factory.insert("app.conversation_members", "user_id", conversation_id=made, user_id=person)
        return made


@pytest.fixture
async def hub(empty_database: str) -> AsyncGenerator[Hub]:
    pool = Pool(empty_database, DatabaseSettings())
    await pool.open()
    hub = Hub(pool, poll_seconds=0.05)
    try:
        async with hub.opened():
            yield hub
    finally:
        await pool.close()


async def read(found: Events[NotificationEventRow] | Events[MessageEventRow], count: int) -> list[tuple[int, str]]:
    """The ids of so many events, with their cursors."""
    taken: list[tuple[int, str]] = []
    async with asyncio.timeout(10):
        while len(taken) < count:
            _, cursor, row_id = await anext(found)
            assert row_id is not None
            taken.append((row_id, cursor))
    return taken


async def is_silent(found: Events[NotificationEventRow] | Events[MessageEventRow]) -> bool:
    try:
        await asyncio.wait_for(anext(found), 0.3)
    except TimeoutError:
        return True
    return False


async def test_what_commits_late_comes_late_and_once(hub: Hub, people: list[int], empty_database: str) -> None:
    person = people[0]
    stream = Stream("notifications", person)
    found = await events(hub, stream, NotificationEventRow, None)
    with (
        psycopg.connect(empty_database) as early,
        psycopg.connect(empty_database, autocommit=True) as late,
    ):
        first = early.execute(NOTIFY, [person, "early"]).fetchone()
        second = late.execute(NOTIFY, [person, "late"]).fetchone()
        assert first is not None
        assert second is not None
        ((seen, cursor),) = await read(found, 1)
        assert seen == second[0]
        assert await is_silent(found)
        early.commit()
    assert [row for row, _ in await read(found, 1)] == [first[0]]
    assert await is_silent(found)
    again = await events(hub, stream, NotificationEventRow, cursor)
    assert [row for row, _ in await read(again, 1)] == [first[0]]
    assert await is_silent(again)


async def test_what_is_rolled_back_is_no_event(hub: Hub, people: list[int], empty_database: str) -> None:
    person = people[0]
    found = await events(hub, Stream("notifications", person), NotificationEventRow, None)
    with psycopg.connect(empty_database) as connection:
        connection.execute(NOTIFY, [person, "never"])
        connection.rollback()
    assert await is_silent(found)


@pytest.mark.parametrize("seed", SEEDS)
async def test_writers_at_random_and_readers_who_break_off_lose_nothing(
    hub: Hub, people: list[int], empty_database: str, seed: int
) -> None:
    """Eight writers hold their transactions for as long as chance wants; three readers begin anew again and again."""
    chance = random.Random(seed)
    person, other, third = people
    conversations = [conversation(empty_database, person, other), conversation(empty_database, person, third)]
    written: list[int] = []
    stream = Stream("messages", person)
    begin = await events(hub, stream, MessageEventRow, None)

    async def write(number: int) -> None:
        async with await psycopg.AsyncConnection.connect(empty_database) as connection:
            for _ in range(12):
                where = {"c": chance.choice(conversations), "sender": other}
                await connection.execute("SELECT FROM conversations WHERE id = %(c)s FOR NO KEY UPDATE", where)
                row = await (await connection.execute(SAY, where)).fetchone()
                assert row is not None
                await asyncio.sleep(chance.random() * 0.02)
                if chance.random() < 0.2:
                    await connection.rollback()
                else:
                    await connection.commit()
                    written.append(row[0])
                await asyncio.sleep(chance.random() * 0.01 * number)

    async def follow(found: Events[MessageEventRow]) -> list[int]:
        seen: list[int] = []
        while True:
            try:
                _, cursor, row_id = await asyncio.wait_for(anext(found), 1.5)
            except TimeoutError:
                return seen
            assert row_id is not None
            seen.append(row_id)
            if chance.random() < 0.3:
                await found.aclose()
                found = await events(hub, stream, MessageEventRow, cursor)

    readers = [asyncio.create_task(follow(begin))]
    readers += [asyncio.create_task(follow(await events(hub, stream, MessageEventRow, None))) for _ in range(2)]
    await asyncio.gather(*map(write, range(8)))
    for reader in readers:
        seen = await reader
        assert sorted(seen) == sorted(written)
    with psycopg.connect(empty_database) as connection:
        rows = connection.execute("SELECT id, conversation_id FROM messages").fetchall()
    place = dict(rows)
    for where in conversations:
        order = [row for row in await readers[0] if place[row] == where]
        assert order == sorted(order)


async def test_who_missed_more_than_is_kept_reads_anew(hub: Hub, people: list[int], empty_database: str) -> None:
    person = people[0]
    stream = Stream("notifications", person)
    found = await events(hub, stream, NotificationEventRow, None)
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(NOTIFY, [person, "first"])
        ((_, cursor),) = await read(found, 1)
        await found.aclose()
        many = "INSERT INTO notifications (user_id, type, title) SELECT %s, 'system', 'x' FROM generate_series(1, %s)"
        connection.execute(many, [person, 501])
        again = await events(hub, stream, NotificationEventRow, cursor)
        kind, behind, row_id = await anext(again)
        assert (kind, row_id) == ("RESYNC", None)
        connection.execute(NOTIFY, [person, "later"])
        assert len(await read(again, 1)) == 1
        assert len(await read(await events(hub, stream, NotificationEventRow, behind), 1)) == 1
        connection.execute(many, [person, 499])
        assert len(await read(await events(hub, stream, NotificationEventRow, behind), 500)) == 500


async def test_another_database_is_another_epoch(hub: Hub, people: list[int]) -> None:
    person = people[0]
    stream = Stream("notifications", person)
    found = await events(hub, stream, NotificationEventRow, None)
    elsewhere = found.position._replace(epoch="1-00000001")
    again = await events(hub, stream, NotificationEventRow, elsewhere.cursor(stream))
    assert (await anext(again)).kind == "RESYNC"
    assert await is_silent(again)


@pytest.mark.parametrize("part", ["snapshot", "until", "seen_at"])
async def test_who_comes_from_the_future_reads_anew(
    hub: Hub, people: list[int], empty_database: str, part: str
) -> None:
    """A cluster that was put back to an old copy of its files is where it was, and has the same epoch."""
    person = people[0]
    stream = Stream("notifications", person)
    now = (await events(hub, stream, NotificationEventRow, None)).position
    ahead = {"snapshot": "9000000:9000001:", "until": "9000000:9000001:", "seen_at": now.seen_at + timedelta(days=3)}
    again = await events(hub, stream, NotificationEventRow, now._replace(**{part: ahead[part]}).cursor(stream))
    kind, cursor, row_id = await asyncio.wait_for(anext(again), 10)
    assert (kind, row_id) == ("RESYNC", None)
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(NOTIFY, [person, "later"])
    assert len(await read(again, 1)) == 1
    assert len(await read(await events(hub, stream, NotificationEventRow, cursor), 1)) == 1


async def test_sessions_that_live_stay_and_those_that_end_are_reported(
    hub: Hub, people: list[int], empty_database: str
) -> None:
    digests = [secrets.token_bytes(32) for _ in range(200)]
    over: list[bytes] = []
    ended = asyncio.Event()

    def end(digest: bytes) -> None:
        over.append(digest)
        ended.set()

    with psycopg.connect(empty_database, autocommit=True) as connection, ExitStack() as guarding:
        for digest in digests:
            connection.execute(OPEN, [people[0], digest])
            guarding.enter_context(hub.guarding(digest, partial(end, digest)))
        await asyncio.sleep(0.5)
        assert over == []
        connection.execute("UPDATE app.sessions SET revoked_at = now() WHERE token_hash = %s", [digests[7]])
        await asyncio.wait_for(ended.wait(), 10)
    assert set(over) == {digests[7]}


async def test_a_client_that_makes_up_its_position_is_answered_in_bounded_work(
    hub: Hub, people: list[int], empty_database: str
) -> None:
    """Behind a snapshot that knows all but began with the first transaction, everything would be looked through."""
    stream = Stream("notifications", people[0])
    with psycopg.connect(empty_database, autocommit=True) as connection:
        many = "INSERT INTO notifications (user_id, type, title) SELECT %s, 'system', 'x' FROM generate_series(1, 6000)"
        connection.execute(many, [people[0]])
        found = await events(hub, stream, NotificationEventRow, None)
        await asyncio.sleep(0)
        begin = found.position
        _, end, _ = begin.snapshot.split(":")
        old = begin._replace(seen_at=datetime(2000, 1, 1, tzinfo=UTC), snapshot=f"3:{end}:", until=f"3:{end}:")
        again = await events(hub, stream, NotificationEventRow, old.cursor(stream))
        assert (await anext(again)).kind == "RESYNC"
        assert hub.watched == 1


async def test_rows_restored_from_another_cluster_are_no_news(hub: Hub, people: list[int], empty_database: str) -> None:
    """They name transactions that are to come here, and one of them comes now."""
    person = people[0]
    found = await events(hub, Stream("notifications", person), NotificationEventRow, None)
    assert await is_silent(found)
    with psycopg.connect(empty_database, autocommit=True) as connection:
        restored = """
        INSERT INTO notifications (user_id, type, title, created_at, written_in)
        SELECT %s, 'system', 'x', now() - interval '2 days',
            (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + n)::text::xid8
        FROM generate_series(0, 20) AS n
        """
        connection.execute(restored, [person])
        for _ in range(30):
            connection.execute("SELECT pg_current_xact_id()")
        assert await is_silent(found)
        connection.execute(NOTIFY, [person, "new"])
        assert len(await read(found, 1)) == 1
        assert await is_silent(found)
