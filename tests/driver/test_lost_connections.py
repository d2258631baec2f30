"""Connections that are lost, and servers that stop: who fails, and what comes back."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from db.database import Database
from db.embedded.server import EmbeddedPostgres, temporary_server
from db.errors import OverloadedError
from db.pool import Pool
from tests.driver.scene import LOCKED, NUMBER, PID, Locked, Outside, Value, pool_over


@pytest.fixture
def table(outside: Outside) -> None:
    outside.execute("CREATE TABLE written (n integer)")


async def pid_of(database: Database) -> int:
    (row,) = await database.fetch(PID, Value)
    return row.value


async def test_a_lost_connection_fails_its_statements_and_the_operation_continues(pool: Pool, outside: Outside) -> None:
    outside.execute("SELECT pg_advisory_lock(1)")
    async with pool.operation() as database:
        answers: list[asyncio.Future[Any]] = [
            database.fetch(LOCKED, Locked),
            database.fetch(NUMBER, Value, n=1),
        ]
        await outside.until_running(1)
        outside.terminate(outside.serving)
        failed = await asyncio.gather(*answers, return_exceptions=True)
        assert [type(one) for one in failed] == [OverloadedError] * 2
        assert await database.fetch(NUMBER, Value, n=2) == [Value(2)]
    outside.execute("SELECT pg_advisory_unlock(1)")


async def test_connections_that_die_idle_are_noticed_by_themselves(blank_database: str, outside: Outside) -> None:
    """Before anybody asks: the pool has replaced them by then."""
    async with pool_over(blank_database, pool_min_size=2, pool_max_size=2) as pool:
        operations = [pool.operation() for _ in range(2)]
        await asyncio.gather(*(pid_of(one) for one in operations))
        for one in operations:
            await one.close()
        dead = outside.serving
        outside.terminate(dead)
        await outside.until(lambda: len(outside.serving - dead) == 2)


async def test_connections_that_die_idle_fail_nobody(pool: Pool, outside: Outside) -> None:
    """Even an operation that begins at the same moment."""
    for _ in range(3):
        async with pool.operation() as database:
            dead = {await pid_of(database)}
        outside.terminate(dead)
        async with pool.operation() as database:
            assert await pid_of(database) not in dead


@pytest.fixture
def restartable() -> Iterator[EmbeddedPostgres]:
    with temporary_server() as server:
        yield server


async def test_a_server_that_stops_and_starts_is_found_again(restartable: EmbeddedPostgres) -> None:
    """Under load: errors in between, each of the kind that says so, and service afterwards without a new pool."""
    url = restartable.url("postgres")
    errors: list[type[Exception]] = []
    served = 0
    stopping = False

    async def ask() -> None:
        nonlocal served
        while not stopping:
            async with pool.operation() as database:
                try:
                    await asyncio.gather(*(database.fetch(NUMBER, Value, n=n) for n in (1, 2)))
                    served += 1
                except OverloadedError as error:
                    errors.append(type(error))

    async def until_served(more: int) -> None:
        enough = served + more
        async with asyncio.timeout(30):
            while served < enough:  # noqa: ASYNC110  # the askers do not know what is enough
                await asyncio.sleep(0)

    async with pool_over(url, pool_min_size=2, pool_max_size=4, pool_timeout_seconds=0.1) as pool:
        askers = [asyncio.create_task(ask()) for _ in range(8)]
        await until_served(100)
        await asyncio.to_thread(restartable.stop)
        async with asyncio.timeout(30):
            while len(errors) < 20:  # noqa: ASYNC110  # as above
                await asyncio.sleep(0)
        restartable.start()
        await until_served(100)
        stopping = True
        await asyncio.gather(*askers)
    assert set(errors) == {OverloadedError}


@pytest.mark.parametrize("driver", ["pipeline", "psycopg"])
@pytest.mark.parametrize("turns", range(1, 8))
async def test_a_connection_comes_back_though_closing_is_cancelled(
    blank_database: str, outside: Outside, driver: str, turns: int
) -> None:
    """Its time is over, its statement is being stopped, and then its client leaves: at any of these moments."""
    outside.execute("SELECT pg_advisory_lock(1)")
    async with pool_over(blank_database, driver=driver) as pool:
        database = await pool.operation().__aenter__()
        asked = database.fetch(LOCKED, Locked)
        await outside.until_running(1)
        database.expire()
        closing = asyncio.create_task(database.close())
        for _ in range(turns):
            await asyncio.sleep(0)
        closing.cancel()
        await asyncio.gather(closing, asked, return_exceptions=True)
        async with pool.operation() as other:
            assert await other.fetch(NUMBER, Value, n=turns) == [Value(turns)]
