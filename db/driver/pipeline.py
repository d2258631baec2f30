"""One connection in pipeline mode on the event loop: sends at once, and reads when data arrive."""

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

CANCEL_SECONDS = 2.0  # how long an abandoned statement may take to stop
# A request to cancel that reaches the server between two statements is ignored there, so it is made again.
_CANCEL_AGAIN_SECONDS = 0.2

_IDLE = int(pq.TransactionStatus.IDLE)
_BAD = int(pq.ConnStatus.BAD)


class Pipeline:
    """A leased connection. It enters pipeline mode with the first batch, and leaves it on request.

    `error` is set when the connection is lost, and says how; then nothing is under way.
    """

    def __init__(
        self, connection: Connection, *, on_close: Callable[["Pipeline"], None], prepares: bool, leased_until: float
    ) -> None:
        self.connection = connection
        self.leased_until = leased_until
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
        """Whether the connection is open, as far as is known, and may be used on."""
        return self.error is None and self._pgconn.status != _BAD and (self.busy or not self.spoiled)

    @property
    def usable(self) -> bool:
        """Whether the next operation may have it: nothing runs, no transaction is open, and the server is there."""
        idle = self.error is None and not self.busy and self._pgconn.transaction_status == _IDLE
        return idle and not self.spoiled

    @property
    def spoiled(self) -> bool:
        """Whether an error has made the connection unusable for others: it is closed when it is released."""
        return self._exchange.spoiled

    def note_error(self, error: Exception) -> None:
        """Note an error that psycopg's cursors got."""
        self._exchange.note_error(error)

    @property
    def closed_by_server(self) -> bool:
        """Whether there is something to read. A server sends nothing unrequested but that it closes.

        So a connection that was closed while idle is detected without a round trip.
        """
        return bool(self._poll.poll(0))

    def send(self, queries: Iterable[Query]) -> None:
        """Send these together. Every failure is set on their futures."""
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
        except Exception as error:  # noqa: BLE001  # it is unknown what the server has received
            self.close(error)
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
            self.close(error)

    def _readable(self) -> None:
        if self.busy:
            try:
                self._pgconn.consume_input()
                self._receive()
            except Exception as error:  # noqa: BLE001  # as above
                self.close(error)
        elif self.closed_by_server:
            self.close()
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

    async def wait_until_idle(self) -> None:
        """Wait until nothing is under way."""
        while self.busy:
            self._passed.clear()
            await self._passed.wait()

    async def stop(self, error: Exception | None = None) -> None:
        """Stop what is under way: in the server or, where that takes too long, with the connection.

        The queries fail with `error`, or are cancelled without one.
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
            self.close(failure)

    async def cancel(self) -> None:
        """Ask the server to stop what psycopg waits for."""
        with suppress(psycopg.Error):
            await self._request_cancel()

    async def _request_cancel(self) -> None:
        """If it is not awaited, the request may reach the server while another operation's statement runs."""
        try:
            await self.connection.cancel_safe(timeout=CANCEL_SECONDS)
        except BaseException:
            self._exchange.spoiled = True
            raise

    async def stop_cursor(self, cursor_lock: asyncio.Lock) -> bool:
        """Stop what psycopg waits for while it holds the lock; False when that took closing the connection."""
        await self.cancel()
        try:
            async with asyncio.timeout(CANCEL_SECONDS), cursor_lock:
                return True
        except TimeoutError:
            self.disconnect()
            async with cursor_lock:
                return False

    def disconnect(self) -> None:
        """Shut the socket down while psycopg waits for a result, which then fails: the connection is lost.

        Closing it would let psycopg wait on the next connection that gets the same file descriptor.
        """
        with socket.socket(fileno=os.dup(self._fd)) as raw, suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)

    def close(self, error: Exception | None = None) -> None:
        """Close the connection, and fail all queries under way."""
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
        self.connection.exchange = None  # or the two would be a reference cycle
        self._passed.set()
