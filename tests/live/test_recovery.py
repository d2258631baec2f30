"""A position outlives a restart of PostgreSQL, and no crash: a transaction's id may be given again after one."""

import os
import signal
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager

import psycopg
import pytest

from api.live.events import NotificationEventRow, events
from api.live.hub import Hub
from api.live.positions import Stream
from db.embedded.data_directory import choose
from db.embedded.postmaster import Postmaster
from db.embedded.server import EmbeddedPostgres
from db.migrations.migrate import upgrade
from db.pool import Pool
from db.settings import DatabaseSettings
from tests.factories import Factory
from tests.servers import memory_path

NOTIFY = "INSERT INTO notifications (user_id, type, title) VALUES (%s, 'system', 'x') RETURNING id"


@pytest.fixture(scope="module")
def own_server() -> Generator[EmbeddedPostgres]:
    """One that the tests of this file may end as they like."""
    with memory_path() as path:
        server = EmbeddedPostgres(choose(path))
        try:
            upgrade(server.start())
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="module")
def person(own_server: EmbeddedPostgres) -> int:
    with psycopg.connect(own_server.url(), autocommit=True) as connection:
        return Factory(connection).user("ada")


def restart(server: EmbeddedPostgres) -> None:
    server.stop()
    server.start()


def quit_at_once(server: EmbeddedPostgres) -> None:
    os.kill(Postmaster.recorded_in(server.folder.cluster).pid, signal.SIGQUIT)
    while server.answers():
        time.sleep(0.01)
    restart(server)


def lose_a_backend(server: EmbeddedPostgres) -> None:
    """PostgreSQL ends all others, recovers, and goes on under the same postmaster."""
    with (
        psycopg.connect(server.url(), autocommit=True) as killed,
        psycopg.connect(server.url(), autocommit=True) as other,
    ):
        os.kill(killed.info.backend_pid, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            other.execute("SELECT pg_sleep(60)")
    while not server.answers():
        time.sleep(0.01)


@asynccontextmanager
async def hub_over(server: EmbeddedPostgres) -> AsyncGenerator[Hub]:
    pool = Pool(server.url(), DatabaseSettings())
    await pool.open()
    try:
        yield Hub(pool)
    finally:
        await pool.close()


def notify(server: EmbeddedPostgres, person: int) -> int:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        row = connection.execute(NOTIFY, [person]).fetchone()
    assert row is not None
    return row[0]


async def cursor_of_now(server: EmbeddedPostgres, stream: Stream) -> str:
    async with hub_over(server) as hub:
        found = await events(hub, stream, NotificationEventRow, None)
        return found.position.cursor(stream)


@pytest.mark.parametrize("crash", [quit_at_once, lose_a_backend])
async def test_after_a_crash_of_postgresql_all_is_read_anew(
    own_server: EmbeddedPostgres, person: int, crash: Callable[[EmbeddedPostgres], None]
) -> None:
    stream = Stream("notifications", person)
    before = await cursor_of_now(own_server, stream)
    crash(own_server)
    notify(own_server, person)
    async with hub_over(own_server) as hub:
        again = await events(hub, stream, NotificationEventRow, before)
        kind, behind, row_id = await anext(again)
        assert (kind, row_id) == ("RESYNC", None)
        later = notify(own_server, person)
        again = await events(hub, stream, NotificationEventRow, behind)
        assert (await anext(again)).notification_id == later


async def test_after_a_clean_restart_a_position_still_holds(own_server: EmbeddedPostgres, person: int) -> None:
    stream = Stream("notifications", person)
    before = await cursor_of_now(own_server, stream)
    restart(own_server)
    missed = notify(own_server, person)
    async with hub_over(own_server) as hub:
        again = await events(hub, stream, NotificationEventRow, before)
        kind, _, row_id = await anext(again)
        assert (kind, row_id) == ("DATA", missed)
