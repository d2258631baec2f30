"""Connections: one pool for the process, at most one connection for each operation."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import class_row, tuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from db.errors import translate
from db.settings import DatabaseSettings
from db.statements import Statement

RowT = TypeVar("RowT")
Connection = psycopg.AsyncConnection[tuple[Any, ...]]

log = logging.getLogger("vrss.statements")

# Pages come from memory or from a disk without arms, so reading them out of order costs little more than in order.
# With the default of 4, a page of somebody's posts is read as all posts of that person, sorted. Compiling a plan
# takes longer than any statement here runs.
PLANNER = "-c random_page_cost=1.1 -c jit=off"


class Pool:
    """The process's connections, in autocommit: a read needs no BEGIN, a write opens its transaction by name."""

    def __init__(self, url: str, settings: DatabaseSettings) -> None:
        options = (
            f"-c statement_timeout={settings.statement_timeout_ms} -c lock_timeout={settings.lock_timeout_ms} {PLANNER}"
        )
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            min_size=settings.pool_min_size,
            max_size=settings.pool_max_size,
            timeout=settings.pool_timeout_seconds,
            open=False,
            kwargs={"autocommit": True, "application_name": "vrss", "options": options},
        )

    async def open(self) -> None:
        await self._pool.open(wait=True, timeout=10)

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def operation(self) -> AsyncGenerator["Database"]:
        """The database for one operation; its connection, if it took one, goes back at the end."""
        database = Database(self._pool)
        try:
            yield database
        finally:
            await database.release()


class Database:
    """What one operation reads and writes through.

    The connection is taken at the first statement and kept to the end, so that an operation never waits for a second
    one while it holds the first. Statements that are sent at the same time queue up on it in order.
    """

    def __init__(self, pool: AsyncConnectionPool[Connection]) -> None:
        self._pool = pool
        self._connection: Connection | None = None
        self._taking = asyncio.Lock()

    async def release(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await self._pool.putconn(connection)

    async def fetch(self, statement: Statement, row: type[RowT], /, **parameters: object) -> list[RowT]:
        """All rows of a statement; the columns are passed to `row` by name."""
        return await self._run(statement.name, statement.sql, parameters, class_row(row))

    async def fetch_one(self, statement: Statement, row: type[RowT], /, **parameters: object) -> RowT | None:
        rows = await self.fetch(statement, row, **parameters)
        return rows[0] if rows else None

    async def fetch_composed(
        self, name: str, query: sql.Composed, parameters: dict[str, object], row: type[RowT]
    ) -> list[RowT]:
        """As `fetch`, for the one kind of statement that is composed at run time: custom feeds."""
        return await self._run(name, query, parameters, class_row(row))

    async def execute(self, statement: Statement, /, **parameters: object) -> int:
        """Run a write and return how many rows it touched (of its last part, where it has several)."""
        return len(await self._run(statement.name, statement.sql, parameters, tuple_row))

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[None]:
        connection = await self._take()
        try:
            async with connection.transaction():
                yield
        except psycopg.Error as error:  # at COMMIT: deferred constraints, a lost connection
            raise translate(error) from error

    async def _run(self, name: str, query: bytes | sql.Composed, parameters: dict[str, object], factory: Any) -> Any:
        started = time.perf_counter()
        try:
            connection = await self._take()
            async with connection.cursor(row_factory=factory) as cursor:
                await cursor.execute(query, parameters, prepare=True)
                return await cursor.fetchall() if cursor.description else [()] * cursor.rowcount
        except (psycopg.Error, PoolTimeout) as error:
            raise translate(error) from error
        finally:
            if log.isEnabledFor(logging.DEBUG):
                log.debug("%s %.2f ms", name, (time.perf_counter() - started) * 1000)

    async def _take(self) -> Connection:
        async with self._taking:
            if self._connection is None:
                self._connection = await self._pool.getconn()
            return self._connection
