"""Lends the connections of a pool: at once where one lies on the shelf, in the order of asking where none does.

psycopg's pool opens, replaces and closes connections. To take one from there is to await it, and costs more than what
else is done for a small statement; so those that come back stay on the shelf, the last one on top, until they have not
been wanted for a while or are due for the pool to look at their age.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any, Protocol

from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from db.driver.connection import Connection
from db.driver.pipeline import Lane

IDLE_SECONDS = 60.0  # on the shelf; the pool counts anew, and closes what is left over after ten minutes
LENT_SECONDS = 600.0
_SWEEP_SECONDS = 15.0


class Borrower(Protocol):
    """Who waits for a connection."""

    def receive(self, lane: Lane) -> None: ...

    def refuse(self, error: Exception) -> None: ...


class _Probe:
    """Waits in line to know that a connection comes, and passes it on at once."""

    def __init__(self, shelf: "Shelf") -> None:
        self._shelf = shelf
        self.passed: asyncio.Future[None] = shelf.loop.create_future()

    def receive(self, lane: Lane) -> None:
        self._shelf.give(lane)
        if not self.passed.done():
            self.passed.set_result(None)

    def refuse(self, error: Exception) -> None:
        if not self.passed.done():
            self.passed.set_exception(error)


class Shelf:
    """The connections that are lent by the pool: those in use, and those on the shelf.

    Somebody waits only while the shelf is empty, and what comes back goes to whoever has waited longest.
    """

    def __init__(
        self, pool: AsyncConnectionPool[Connection], *, size: int, patience_seconds: float, prepares: bool
    ) -> None:
        self._pool = pool
        self._size = size
        self._patience = patience_seconds
        self._prepares = prepares
        self._idle: list[Lane] = []
        self._waiting: OrderedDict[Borrower, asyncio.TimerHandle] = OrderedDict()
        self._out = 0  # connections that the pool has lent us, or is about to
        self._fetching: set[asyncio.Task[None]] = set()
        self._returning: set[asyncio.Task[None]] = set()
        self._sweeper: asyncio.TimerHandle | None = None
        self._closed = False
        self.loop = asyncio.get_running_loop()
        self._sweep_later()

    def take(self) -> Lane | None:
        """A living connection, if there is one on the shelf."""
        while self._idle:
            lane = self._idle.pop()
            if not lane.said_farewell:
                return lane
            lane.lose()
            self._give_back(lane)
        return None

    def wait(self, borrower: Borrower) -> None:
        """Get in line. The borrower receives a connection, or is refused in time."""
        self._waiting[borrower] = self.loop.call_later(self._patience, self._refuse, borrower)
        if self._closed:
            self._refuse(borrower)
        else:
            self._recruit()

    async def probe(self) -> None:
        """Return when a connection is there to be lent; PoolTimeout where none is in time."""
        probe = _Probe(self)
        if (lane := self.take()) is None:
            self.wait(probe)
        else:
            probe.receive(lane)
        await probe.passed

    def leave(self, borrower: Borrower) -> None:
        """Wait no more."""
        self._waiting.pop(borrower).cancel()

    def give(self, lane: Lane) -> None:
        """What was taken comes back; the next one has it at once. Nothing may be under way on it."""
        now = self.loop.time()
        if self._closed or now > lane.lent_until or not lane.usable:
            self._give_back(lane)
        elif self._waiting:
            borrower, timer = self._waiting.popitem(last=False)
            timer.cancel()
            borrower.receive(lane)
        else:
            lane.idle_since = now
            self._idle.append(lane)

    def reclaim(self, lane: Lane, interruption: asyncio.Task[None] | None = None) -> asyncio.Task[None]:
        """As `give`, for one on which something runs that nobody wants any more, after what interrupts it has ended."""
        return self._start(self._reclaim(lane, interruption), self._returning)

    def sweep(self, idle_seconds: float = IDLE_SECONDS) -> None:
        """Give back what has not been wanted for long."""
        oldest = self.loop.time() - idle_seconds
        unwanted = [lane for lane in self._idle if lane.idle_since <= oldest]
        self._idle = [lane for lane in self._idle if lane.idle_since > oldest]
        for lane in unwanted:
            self._give_back(lane)

    async def close(self) -> None:
        """Give everything back. What is in use is given back when it comes."""
        self._closed = True
        if self._sweeper is not None:
            self._sweeper.cancel()
        for borrower in list(self._waiting):
            self._refuse(borrower)
        self.sweep(idle_seconds=0.0)
        for task in self._fetching:
            task.cancel()
        while tasks := self._fetching | self._returning:
            await asyncio.wait(tasks)

    def _sweep_later(self) -> None:
        self.sweep()
        self._sweeper = self.loop.call_later(_SWEEP_SECONDS, self._sweep_later)

    def _refuse(self, borrower: Borrower) -> None:
        self._waiting.pop(borrower).cancel()
        borrower.refuse(PoolTimeout(f"no connection in {self._patience} s"))

    def _recruit(self) -> None:
        """Ask the pool for as many connections as there are people waiting, and it has."""
        while len(self._fetching) < len(self._waiting) and self._out < self._size:
            self._out += 1
            self._start(self._fetch(), self._fetching)

    async def _fetch(self) -> None:
        lane: Lane | None = None
        try:
            while self._waiting and lane is None:
                lane = await self._fetched()
        finally:
            if lane is None:
                self._out -= 1
        if lane is not None:
            self.give(lane)

    async def _fetched(self) -> Lane | None:
        try:
            connection = await self._pool.getconn(timeout=self._patience)
        except (PoolTimeout, PoolClosed):  # those who have waited as long are refused, each in its own time
            return None
        lane = Lane(
            connection,
            on_farewell=self._bury,
            prepares=self._prepares,
            lent_until=self.loop.time() + LENT_SECONDS,
        )
        if not lane.said_farewell:
            return lane
        lane.lose()
        await self._pool.putconn(connection)  # which replaces it
        return None

    async def _reclaim(self, lane: Lane, interruption: asyncio.Task[None] | None) -> None:
        if interruption is not None:
            await asyncio.wait([interruption])
        await lane.stop()
        self.give(lane)

    def _bury(self, lane: Lane) -> None:
        """A connection has died; what is in use comes back by itself."""
        if lane in self._idle:
            self._idle.remove(lane)
            self._give_back(lane)

    def _give_back(self, lane: Lane) -> None:
        if lane.spoiled:
            lane.lose()
        lane.leave()
        self._start(self._put(lane), self._returning)

    async def _put(self, lane: Lane) -> None:
        """The pool rolls back or closes what it does not like, and replaces what is closed."""
        try:
            await self._pool.putconn(lane.connection)
        finally:
            self._out -= 1
            self._recruit()

    def _start(self, work: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]) -> asyncio.Task[None]:
        task = self.loop.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        return task
