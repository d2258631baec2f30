"""Connections: one pool for the process, at most one connection for each operation."""

import asyncio
import logging
import select
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import class_row, tuple_row
from psycopg_pool import AsyncConnectionPool

from db.errors import OutcomeUnknownError, StatementTimeoutError, translate
from db.settings import DatabaseSettings
from db.statements import Statement

RowT = TypeVar("RowT")
Connection = psycopg.AsyncConnection[tuple[Any, ...]]

log = logging.getLogger("vrss.statements")

# Pages come from memory or from a disk without arms, so reading them out of order costs little more than in order.
# With the default of 4, a page of somebody's posts is read as all posts of that person, sorted. Compiling a plan
# takes longer than any statement here runs.
# Planning a page anew for each viewer takes longer than reading it, and the statements are written for the plan that is
# kept: the plan tests hold them to it.
PLANNER = "-c random_page_cost=1.1 -c jit=off -c plan_cache_mode=force_generic_plan"

CANCEL_SECONDS = 2.0  # how long a statement that nobody waits for any more may take to stop

# The triggers look at what others committed while they waited for a lock, so they need READ COMMITTED whatever the
# database's own default is.
ISOLATION = "-c default_transaction_isolation=read\\ committed"


class Pool:
    """The process's connections, in autocommit: a read needs no BEGIN, a write opens its transaction by name."""

    def __init__(self, url: str, settings: DatabaseSettings) -> None:
        timeouts = f"-c statement_timeout={settings.statement_timeout_ms} -c lock_timeout={settings.lock_timeout_ms}"
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            min_size=settings.pool_min_size,
            max_size=settings.pool_max_size,
            timeout=settings.pool_timeout_seconds,
            open=False,
            kwargs={"autocommit": True, "application_name": "vrss", "options": f"{timeouts} {ISOLATION} {PLANNER}"},
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
            await database.close()


def _said_farewell(connection: Connection) -> bool:
    """Whether an idle connection has something to read. A server says nothing unasked but that it closes.

    So a connection that died in its sleep is known without a round trip.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


class Database:
    """What one operation reads and writes through.

    The connection is taken at the first statement and kept to the end, so that an operation never waits for a second
    one while it holds the first. Statements that are sent at the same time queue up on it in order.
    """

    def __init__(self, pool: AsyncConnectionPool[Connection]) -> None:
        self._pool = pool
        self._connection: Connection | None = None
        self._turn = asyncio.Lock()
        self._stopped = False

    async def release(self) -> None:
        """Give the connection back; the next statement takes another one."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await self._pool.putconn(connection)

    async def close(self) -> None:
        """End the operation: no statement of it runs on, and none begins."""
        try:
            await self._stop_statements()
        finally:
            self._stopped = True
            await self.release()

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
        """All or nothing of what is written inside. Neither nested nor shared between tasks."""
        finished = False
        try:
            async with self._turn:
                connection = await self._take()
            async with connection.transaction():
                try:
                    yield
                except BaseException:
                    await self._stop_statements()
                    raise
                finished = True
        except psycopg.Error as error:  # of BEGIN and COMMIT; the statements translate their own
            if finished and self._connection is not None and self._connection.closed:
                raise OutcomeUnknownError from error
            raise translate(error) from error

    async def _run(self, name: str, query: bytes | sql.Composed, parameters: dict[str, object], factory: Any) -> Any:
        started = time.perf_counter()
        try:
            async with self._turn:
                connection = await self._take()
                async with connection.cursor(row_factory=factory) as cursor:
                    await cursor.execute(query, parameters, prepare=True)
                    return await cursor.fetchall() if cursor.description else [()] * cursor.rowcount
        except psycopg.Error as error:
            raise translate(error) from error
        finally:
            if log.isEnabledFor(logging.DEBUG):
                log.debug("%s %.2f ms", name, (time.perf_counter() - started) * 1000)

    async def _take(self) -> Connection:
        """The connection of this operation; the caller has the turn."""
        if self._connection is None and not self._stopped:
            self._connection = await self._living()
        if self._connection is None or self._stopped:
            await self.release()
            raise StatementTimeoutError
        return self._connection

    async def _living(self) -> Connection:
        while True:
            connection = await self._pool.getconn()
            if not _said_farewell(connection):
                return connection
            await connection.close()
            await self._pool.putconn(connection)  # which replaces it

    async def _stop_statements(self) -> None:
        """Stop what still runs or waits for its turn.

        A loader works in a task of its own, which does not end when the request that asked is cancelled or fails:
        its statement would keep the connection busy, or follow the ROLLBACK of its transaction.
        """
        if self._connection is None or not self._turn.locked():
            return
        self._stopped = True
        with suppress(psycopg.Error):
            await self._connection.cancel_safe(timeout=CANCEL_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout(CANCEL_SECONDS), self._turn:
                self._stopped = False
