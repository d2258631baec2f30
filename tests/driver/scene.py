"""Pools over a database, small statements, and a server seen from outside."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import psycopg

from db.database import Database
from db.pool import Pool
from db.settings import DatabaseSettings
from db.statements import Statement


class Value(NamedTuple):
    value: Any


class Locked(NamedTuple):
    value: Any
    pid: int


def statement(query: str, *, name: str = "asked") -> Statement:
    return Statement(name, "What a test asks.", query.encode())


NUMBER = statement("SELECT %(n)s::bigint AS value", name="number")
TEXT = statement("SELECT %(text)s::text AS value", name="text")
INVERSE = statement("SELECT 1 / %(n)s::bigint AS value", name="inverse")
NONSENSE = statement("SELEC %(n)s", name="nonsense")
PREPARED = statement("SELECT count(*) AS value FROM pg_prepared_statements WHERE name ~ '^vrss'", name="prepared")
PID = statement("SELECT pg_backend_pid() AS value", name="pid")
# Waits for whoever holds the advisory lock 1. It is written as no statement of ours, so as to pass for a read.
LOCKED = statement("SELECT PG_ADVISORY_XACT_LOCK_SHARED(1)::text AS value, pg_backend_pid() AS pid", name="locked")


@asynccontextmanager
async def pool_over(url: str, **settings: object) -> AsyncGenerator[Pool]:
    """A pool of one connection unless the settings say otherwise."""
    chosen = {"pool_min_size": 1, "pool_max_size": 1, **settings}
    pool = Pool(url, DatabaseSettings.model_validate(chosen))
    await pool.open()
    try:
        yield pool
    finally:
        await pool.close()


SERVING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'vrss'"
RUNNING = f"{SERVING} AND state <> 'idle'"
DEADLINE_SECONDS = 20.0


class Outside:
    """A superuser's view of the server that a pool talks to."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def pids(self, query: str) -> set[int]:
        return {row[0] for row in self._connection.execute(query.encode())}

    @property
    def serving(self) -> set[int]:
        return self.pids(SERVING)

    @property
    def running(self) -> set[int]:
        return self.pids(RUNNING)

    def execute(self, query: str, *values: object) -> None:
        self._connection.execute(query.encode(), values or None)

    def terminate(self, pids: set[int]) -> None:
        """End these server processes, and wait until they are gone."""
        query = b"SELECT pg_terminate_backend(pid, 10000) FROM unnest(%s::integer[]) AS pid"
        assert self._connection.execute(query, [list(pids)]).fetchall() == [(True,)] * len(pids)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return as soon as this is so, while the event loop goes on."""

        def wait() -> None:
            deadline = time.monotonic() + DEADLINE_SECONDS
            while not condition():
                assert time.monotonic() < deadline

        await asyncio.to_thread(wait)

    async def until_running(self, count: int) -> None:
        await self.until(lambda: len(self.running) == count)


async def together(database: Database, *asked: tuple[Any, Mapping[str, object]]) -> list[Any]:
    """The values or the errors of statements that leave in one tick."""
    futures = [database.fetch(one, Value, **parameters) for one, parameters in asked]
    answers = await asyncio.gather(*futures, return_exceptions=True)
    return [[row.value for row in one] if isinstance(one, list) else type(one) for one in answers]


def numbers(*found: int) -> list[Any]:
    return [(NUMBER, {"n": n}) for n in found]
