"""One connection and the event loop: what is sent leaves at once, what comes is read when it comes."""

import asyncio
import os
import select
import selectors
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

import psycopg
from psycopg import pq

from db.driver.connection import Connection, Exchange
from db.driver.query import Query

CANCEL_SECONDS = 2.0  # how long a statement that nobody waits for any more may take to stop
# A request to cancel that reaches the server between two statements is ignored there, so it is made again.
_CANCEL_AGAIN_SECONDS = 0.2

_IDLE = int(pq.TransactionStatus.IDLE)
_BAD = int(pq.ConnStatus.BAD)


class Pipeline:
    """A connection that is lent. It enters pipeline mode when it is first sent something, and leaves it on request.

    `error` is set when the connection is lost, and says how; then nothing is under way.
    """

    def __init__(
        self, connection: Connection, *, on_close: Callable[["Pipeline"], None], prepares: bool, lent_until: float
    ) -> None:
        self.connection = connection
        self.lent_until = lent_until
        self.idle_since = 0.0
        self.error: Exception | None = None
        self._pgconn = connection.pgconn
        self._exchange = connection.exchange = connection.exchange or Exchange(connection, prepares=prepares)
        self._fd = self._pgconn.socket
        self._loop = asyncio.get_running_loop()
        self._on_close = on_close
        self._pipelined = False
        self._writing = False
        self._passed = asyncio.Event()  # set when a batch is back, and when the connection is lost
        self._poll = select.poll()
        self._poll.register(self._fd, select.POLLIN)
        # uvloop stops to look at a descriptor with an error, also when there is something left to read: a connection
        # that was reset would never be noticed. A selector has no errors, and is readable as long as the connection is.
        self._arrivals = selectors.DefaultSelector()
        self._arrivals.register(self._fd, selectors.EVENT_READ)

    @property
    def busy(self) -> bool:
        """Whether something that was sent has not come back."""
        return self._exchange.busy

    @property
    def alive(self) -> bool:
        """Whether the connection is there, as far as anybody has noticed, and may serve on."""
        return self.error is None and self._pgconn.status != _BAD and (self.busy or not self.spoiled)

    @property
    def usable(self) -> bool:
        """Whether the next operation may have it: nothing runs, no transaction is open, and the server is there."""
        idle = self.error is None and not self.busy and self._pgconn.transaction_status == _IDLE
        return idle and not self.spoiled

    @property
    def spoiled(self) -> bool:
        """Whether an error has shown that the connection must serve nobody else: it is closed when it comes back."""
        return self._exchange.spoiled

    def note_error(self, error: Exception) -> None:
        """Take note of what came back to psycopg's cursors."""
        self._exchange.note_error(error)

    @property
    def closed_by_server(self) -> bool:
        """Whether there is something to read. A server says nothing unasked but that it closes.

        So a connection that died in its sleep is known without a round trip.
        """
        return bool(self._poll.poll(0))

    def send(self, queries: Iterable[Query]) -> None:
        """Send these together. Whoever waits for them hears of everything that goes wrong."""
        wanted = [query for query in queries if not query.future.done()]
        if not wanted:
            return
        started = time.perf_counter()
        for query in wanted:
            query.started = started
        try:
            if not self._pipelined:
                self._enter()
            self._exchange.send(wanted)
            self._flush()
        except Exception as error:  # noqa: BLE001  # whatever it is, nobody knows what the server has got
            self.lose(error)
            for query in wanted:
                query.fail(error)

    def _flush(self) -> None:
        if self._pgconn.flush() == 0:
            if self._writing:
                self._writing = False
                self._loop.remove_writer(self._fd)
        elif not self._writing:
            self._writing = True
            self._loop.add_writer(self._fd, self._writable)

    def _writable(self) -> None:
        try:
            self._flush()
            self._receive()  # to flush may be to read: libpq makes room for the other side
        except Exception as error:  # noqa: BLE001  # out of step with the server, the connection is worth nothing
            self.lose(error)

    def _readable(self) -> None:
        if self.busy:
            try:
                self._pgconn.consume_input()
                self._receive()
            except Exception as error:  # noqa: BLE001  # as above
                self.lose(error)
        elif self.closed_by_server:
            self.lose()
            self._on_close(self)

    def _receive(self) -> None:
        if self._exchange.receive():
            self._passed.set()
            self._flush()  # what was aborted has been sent again

    def _enter(self) -> None:
        self._pgconn.enter_pipeline_mode()
        self._loop.add_reader(self._arrivals, self._readable)
        self._pipelined = True

    def leave(self) -> None:
        """Make the connection psycopg's own again; nothing is under way."""
        if self._pipelined and self.error is None:
            self._loop.remove_reader(self._arrivals)
            self._pgconn.exit_pipeline_mode()
        self._pipelined = False

    async def quiet(self) -> None:
        """Wait until nothing is under way."""
        while self.busy:
            self._passed.clear()
            await self._passed.wait()

    async def stop(self, error: Exception | None = None) -> None:
        """Stop what is under way: in the server or, where that takes too long, with the connection.

        Whoever waits gets `error`, or is cancelled without one.
        """
        if error is None:
            self._exchange.cancel()
        else:
            self._exchange.refuse(error)
        try:
            async with asyncio.timeout(CANCEL_SECONDS):
                while self.busy:
                    self._passed.clear()
                    await self._request_cancel()
                    with suppress(TimeoutError):
                        async with asyncio.timeout(_CANCEL_AGAIN_SECONDS):
                            await self._passed.wait()
        except (TimeoutError, psycopg.Error) as failure:
            self.lose(failure)

    async def cancel(self) -> None:
        """Ask the server to stop what psycopg waits for."""
        with suppress(psycopg.Error):
            await self._request_cancel()

    async def _request_cancel(self) -> None:
        """Where nobody waits for its end, the request may reach the server when somebody else's statement runs."""
        try:
            await self.connection.cancel_safe(timeout=CANCEL_SECONDS)
        except BaseException:
            self._exchange.spoiled = True
            raise

    async def stop_cursor(self, turn: asyncio.Lock) -> bool:
        """Stop what psycopg waits for while it has the turn; False where the connection had to be cut for that."""
        await self.cancel()
        try:
            async with asyncio.timeout(CANCEL_SECONDS), turn:
                return True
        except TimeoutError:
            self.cut()
            async with turn:
                return False

    def cut(self) -> None:
        """Hang up on the server while psycopg waits for an answer; whoever waits hears that the connection is lost.

        To close it would leave the waiting to the next connection that gets the same number from the system.
        """
        with socket.socket(fileno=os.dup(self._fd)) as line, suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    def lose(self, error: Exception | None = None) -> None:
        """Close the connection, and tell all who wait."""
        if self.error is not None:
            return
        self.error = error or psycopg.OperationalError("the connection is lost")
        if self._pipelined:
            self._loop.remove_reader(self._arrivals)
        if self._writing:
            self._loop.remove_writer(self._fd)
        self._arrivals.close()
        self._pgconn.finish()
        self._exchange.end(self.error)
        self.connection.exchange = None  # or the two would keep each other for the collector
        self._passed.set()
