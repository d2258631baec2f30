"""The database as one operation uses it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import class_row, tuple_row

from db.driver.checkout import Checkout
from db.driver.connection import Connection
from db.driver.parameters import dumped
from db.driver.pipeline import CANCEL_SECONDS, Pipeline
from db.driver.query import Origin, Query
from db.errors import OutcomeUnknownError, StatementTimeoutError
from db.statements import Bound, Statement, composed
from db.translation import spoils_connection, translate

RowT = TypeVar("RowT")
AnswerT = TypeVar("AnswerT")


class Database:
    """The database for one operation.

    The connection is acquired for the first statement and kept to the end, so that an operation never waits for a
    second one while it holds the first. Reads that are requested in one tick of the event loop, or by tasks that begin
    in it, are sent together (see db/driver); writes, and all statements of a transaction, run one by one through
    psycopg's cursors, each after everything that was requested before it.
    """

    __slots__ = (
        "__weakref__", "_checkout", "_connection_ready", "_cursor_lock", "_cursor_tasks", "_in_transaction",
        "_interruption", "_loop", "_origin", "_pipeline", "_pipelined", "_stopped", "_transaction_over", "_unsent",
        "_waiting",
    )  # fmt: skip

    def __init__(self, checkout: Checkout, *, pipelined: bool, origin: Origin) -> None:
        self._checkout = checkout
        self._origin = origin
        self._loop = checkout.loop
        self._pipelined = pipelined
        self._pipeline: Pipeline | None = None
        self._unsent: list[Query] = []  # requested, and not sent
        self._waiting = False  # for a connection
        self._connection_ready: asyncio.Future[None] | None = None  # awaited by the holder of the cursor lock
        self._cursor_lock = asyncio.Lock()  # psycopg's cursors run one at a time
        self._cursor_tasks = 0  # how many tasks hold the cursor lock, or wait for it
        self._in_transaction = False
        self._transaction_over = asyncio.Event()
        self._stopped = False
        self._interruption: asyncio.Task[None] | None = None  # set when the deadline has passed

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The operation's."""
        return self._loop

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def fetch(self, statement: Statement, row: type[RowT], /, **parameters: object) -> asyncio.Future[list[RowT]]:
        """All rows of a statement; the columns are the fields of `row`, by their names.

        It is requested at once, and sent together with all that is requested before the caller awaits anything.
        """
        if self._cursor_tasks or self._in_transaction or not self._pipelined or not statement.reads:
            return self._through_cursor(self._run(statement, parameters, class_row(row)))
        future: asyncio.Future[list[RowT]] = self._loop.create_future()
        try:
            query = Query(statement, row, dumped(statement.parameters, parameters), future, self._origin)
        except psycopg.Error as error:
            future.set_exception(translate(error))
            return future
        if self._stopped or self._interruption is not None:
            query.fail(StatementTimeoutError())
            return future
        if not self._unsent:
            self._loop.call_soon(self._loop.call_soon, self._send)
        self._unsent.append(query)
        return future

    async def fetch_one(self, statement: Statement, row: type[RowT], /, **parameters: object) -> RowT | None:
        rows = await self.fetch(statement, row, **parameters)
        return rows[0] if rows else None

    def fetch_composed(
        self, name: str, query: sql.Composed, parameters: dict[str, object], row: type[RowT], bound: Bound | None = None
    ) -> asyncio.Future[list[RowT]]:
        """As `fetch`, for statements that are composed at run time, perhaps with a bound of their own."""
        try:
            statement = composed(name, query.as_bytes(), parameters, bound)
        except psycopg.Error as error:
            raise translate(error) from error
        return self.fetch(statement, row)

    def execute(self, statement: Statement, /, **parameters: object) -> asyncio.Future[int]:
        """How many rows a write touched (of its last part, where it has several). It is requested at once."""
        return self._through_cursor(self._count(statement, parameters))

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[None]:
        """All or nothing of what is written inside. Neither nested nor shared between tasks."""
        finished = False
        connection: Connection | None = None
        try:
            async with self._cursor_lock:
                connection = await self._take()
                self._in_transaction = True
                self._transaction_over.clear()
            async with connection.transaction():
                try:
                    yield
                except BaseException:
                    await self._stop_statements()
                    raise
                finished = True
        except psycopg.Error as error:  # of BEGIN and COMMIT; the statements translate their own
            self._note_error(error)
            if finished and connection is not None and (connection.closed or spoils_connection(error)):
                raise OutcomeUnknownError from error
            raise translate(error) from error
        finally:
            self._in_transaction = False
            self._transaction_over.set()
            self._send()

    def expire(self) -> None:
        """The deadline has passed: statements under way, and those requested from now on, fail with TIMEOUT.

        A transaction that has not come to its COMMIT is rolled back; a COMMIT under way may end, or is not known to.
        """
        if self._waiting:
            self._checkout.stop_waiting(self)
        self.refuse(StatementTimeoutError())
        self._interruption = self._loop.create_task(self._interrupt())

    async def _interrupt(self) -> None:
        """Stop what runs; where that takes too long, disconnect from the server."""
        if (pipeline := self._pipeline) is None:
            return
        if self._cursor_lock.locked():
            await pipeline.cancel()
        elif pipeline.busy:
            await pipeline.stop(StatementTimeoutError())
        try:
            async with asyncio.timeout(CANCEL_SECONDS):
                async with self._cursor_lock:
                    pass
                if self._in_transaction:
                    await self._transaction_over.wait()
        except TimeoutError:
            if self._pipeline is pipeline:
                pipeline.disconnect()

    async def release(self) -> None:
        """Release the connection; the next statement acquires another one.

        It is released though the caller is cancelled, and after the last request to stop what runs on it.
        """
        pipeline, self._pipeline = self._pipeline, None
        if pipeline is None:
            return
        interruption = None if self._interruption is None or self._interruption.done() else self._interruption
        if pipeline.busy or interruption is not None:
            await asyncio.shield(self._checkout.reclaim(pipeline, interruption))
        else:
            self._checkout.release(pipeline)

    async def close(self) -> None:
        """End the operation: no statement of it runs on, and none begins."""
        for query in self._unsent:
            query.future.cancel()
        self._unsent.clear()
        if self._waiting:
            self._checkout.stop_waiting(self)
            self.refuse(StatementTimeoutError())
        try:
            if self._cursor_lock.locked():
                await self._stop_statements()
        finally:
            self._stopped = True
            await self.release()

    def receive(self, pipeline: Pipeline) -> None:
        """The connection that the operation waited for."""
        self._waiting = False
        self._pipeline = pipeline
        if self._connection_ready is not None and not self._connection_ready.done():
            self._connection_ready.set_result(None)
        self._send()

    def refuse(self, error: Exception) -> None:
        """There is no connection for now."""
        self._waiting = False
        if self._connection_ready is not None and not self._connection_ready.done():
            self._connection_ready.set_exception(error)
        unsent, self._unsent = self._unsent, []
        for query in unsent:
            query.fail(error)

    def _send(self) -> None:
        """Send all queries that can be sent now."""
        if not self._unsent or self._cursor_lock.locked() or self._in_transaction:
            return
        self._unsent = [query for query in self._unsent if not query.future.done()]
        if self._unsent and self._has_connection() and self._pipeline is not None:
            unsent, self._unsent = self._unsent, []
            self._pipeline.send(unsent)

    def _has_connection(self) -> bool:
        """Whether there is a living connection; if not, the operation waits for one."""
        if self._pipeline is not None and not self._pipeline.alive:
            self._checkout.release(self._pipeline)
            self._pipeline = None
        if self._pipeline is None and not self._waiting:
            self._pipeline = self._checkout.acquire()
            if self._pipeline is None:
                self._waiting = True
                self._checkout.wait(self)
        return self._pipeline is not None

    async def _take(self) -> Connection:
        """The connection, for psycopg's cursors. The caller holds the cursor lock."""
        if self._interruption is None and not self._stopped and not self._in_transaction:
            await self._drain()
        if self._interruption is not None or self._stopped or self._pipeline is None:  # by now
            raise StatementTimeoutError
        return self._pipeline.connection

    async def _drain(self) -> None:
        """Wait for a connection, and until nothing is under way on it."""
        if not self._has_connection():
            self._connection_ready = self._loop.create_future()
            try:
                await self._connection_ready
            finally:
                self._connection_ready = None
        if self._pipeline is not None:
            unsent, self._unsent = self._unsent, []
            self._pipeline.send(unsent)
            await self._pipeline.wait_until_idle()
        if self._pipeline is not None:
            self._pipeline.leave()

    async def _run(self, statement: Statement, parameters: Mapping[str, object], factory: Any) -> Any:
        started = time.perf_counter()
        try:
            async with self._cursor_lock:
                connection = await self._take()
                async with connection.bounded(statement.bound), connection.cursor(row_factory=factory) as cursor:
                    await cursor.execute(statement.sql, parameters, prepare=statement.lasting)
                    return await cursor.fetchall() if cursor.description else [()] * cursor.rowcount
        except psycopg.Error as error:
            self._note_error(error)
            raise self._translated(error, statement) from error
        finally:
            self._send()
            self._origin.note(statement.name, started, parameters.values())

    def _note_error(self, error: psycopg.Error) -> None:
        if self._pipeline is not None:
            self._pipeline.note_error(error)

    def _translated(self, error: psycopg.Error, statement: Statement) -> Exception:
        lost = self._pipeline is not None and self._pipeline.connection.closed
        stores = not (statement.reads or self._in_transaction)
        return OutcomeUnknownError() if lost and stores else translate(error)

    async def _count(self, statement: Statement, parameters: Mapping[str, object]) -> int:
        return len(await self._run(statement, parameters, tuple_row))

    def _through_cursor(self, work: Coroutine[Any, Any, AnswerT]) -> asyncio.Future[AnswerT]:
        """Work through psycopg's cursors, in a task that waits for the cursor lock; later statements wait behind it."""
        task = self._loop.create_task(work)
        self._cursor_tasks += 1
        task.add_done_callback(self._on_cursor_task_done)
        return task

    def _on_cursor_task_done(self, task: asyncio.Task[Any]) -> None:
        """After the operation's end nothing awaits the task: retrieve its exception, or asyncio logs it."""
        self._cursor_tasks -= 1
        if self._stopped and not task.cancelled():
            task.exception()

    async def _stop_statements(self) -> None:
        """Stop the statements that still run or wait for the cursor lock.

        A loader's task does not end with the request: it would go on, or follow the ROLLBACK of its transaction.
        """
        if self._pipeline is None or not self._cursor_lock.locked():
            return
        self._stopped = True  # and so it remains where the connection is lost
        self._stopped = not await self._pipeline.stop_cursor(self._cursor_lock)
