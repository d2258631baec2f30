"""Checks connections out of a pool: at once if an idle one is at hand, else in the order of the requests.

psycopg's pool opens, replaces and closes connections. Acquiring one from it takes an await, which costs more than the
rest of a small statement. Released connections are therefore kept here, the last one first, until they have been idle
for a while or the pool has to check their age.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any, Protocol

from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from db.driver.connection import Connection
from db.driver.pipeline import Pipeline

IDLE_SECONDS = 60.0  # kept here; the pool counts anew, and closes what is left over after ten minutes
LENT_SECONDS = 600.0
_SWEEP_SECONDS = 15.0


class Borrower(Protocol):
    """Who waits for a connection."""

    def receive(self, pipeline: Pipeline) -> None: ...

    def refuse(self, error: Exception) -> None: ...


class _Probe:
    """Waits in line to know that a connection comes, and passes it on at once."""

    def __init__(self, checkout: "Checkout") -> None:
        self._checkout = checkout
        self.passed: asyncio.Future[None] = checkout.loop.create_future()

    def receive(self, pipeline: Pipeline) -> None:
        self._checkout.give(pipeline)
        if not self.passed.done():
            self.passed.set_result(None)

    def refuse(self, error: Exception) -> None:
        if not self.passed.done():
            self.passed.set_exception(error)


class Checkout:
    """The connections that the pool has given out: those in use, and idle ones.

    A request waits only while none is idle. A released connection goes to the request that has waited longest.
    """

    def __init__(
        self, pool: AsyncConnectionPool[Connection], *, size: int, patience_seconds: float, prepares: bool
    ) -> None:
        self._pool = pool
        self._size = size
        self._patience = patience_seconds
        self._prepares = prepares
        self._idle: list[Pipeline] = []
        self._waiting: OrderedDict[Borrower, asyncio.TimerHandle] = OrderedDict()
        self._out = 0  # connections that the pool has lent us, or is about to
        self._fetching: set[asyncio.Task[None]] = set()
        self._returning: set[asyncio.Task[None]] = set()
        self._sweeper: asyncio.TimerHandle | None = None
        self._closed = False
        self.loop = asyncio.get_running_loop()
        self._sweep_later()

    def take(self) -> Pipeline | None:
        """An idle connection that is alive, if there is one."""
        while self._idle:
            pipeline = self._idle.pop()
            if not pipeline.closed_by_server:
                return pipeline
            pipeline.lose()
            self._give_back(pipeline)
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
        if (pipeline := self.take()) is None:
            self.wait(probe)
        else:
            probe.receive(pipeline)
        await probe.passed

    def leave(self, borrower: Borrower) -> None:
        """Wait no more."""
        self._waiting.pop(borrower).cancel()

    def give(self, pipeline: Pipeline) -> None:
        """What was taken comes back; the next one has it at once. Nothing may be under way on it."""
        now = self.loop.time()
        if self._closed or now > pipeline.lent_until or not pipeline.usable:
            self._give_back(pipeline)
        elif self._waiting:
            borrower, timer = self._waiting.popitem(last=False)
            timer.cancel()
            borrower.receive(pipeline)
        else:
            pipeline.idle_since = now
            self._idle.append(pipeline)

    def reclaim(self, pipeline: Pipeline, interruption: asyncio.Task[None] | None = None) -> asyncio.Task[None]:
        """As `give`, for one on which something runs that nobody wants any more, after what interrupts it has ended."""
        return self._start(self._reclaim(pipeline, interruption), self._returning)

    def sweep(self, idle_seconds: float = IDLE_SECONDS) -> None:
        """Give back what has not been wanted for long."""
        oldest = self.loop.time() - idle_seconds
        unwanted = [pipeline for pipeline in self._idle if pipeline.idle_since <= oldest]
        self._idle = [pipeline for pipeline in self._idle if pipeline.idle_since > oldest]
        for pipeline in unwanted:
            self._give_back(pipeline)

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
        pipeline: Pipeline | None = None
        try:
            while self._waiting and pipeline is None:
                pipeline = await self._fetched()
        finally:
            if pipeline is None:
                self._out -= 1
        if pipeline is not None:
            self.give(pipeline)

    async def _fetched(self) -> Pipeline | None:
        try:
            connection = await self._pool.getconn(timeout=self._patience)
        except (PoolTimeout, PoolClosed):  # those who have waited as long are refused, each in its own time
            return None
        pipeline = Pipeline(
            connection,
            on_close=self._bury,
            prepares=self._prepares,
            lent_until=self.loop.time() + LENT_SECONDS,
        )
        if not pipeline.closed_by_server:
            return pipeline
        pipeline.lose()
        await self._pool.putconn(connection)  # which replaces it
        return None

    async def _reclaim(self, pipeline: Pipeline, interruption: asyncio.Task[None] | None) -> None:
        if interruption is not None:
            await asyncio.wait([interruption])
        await pipeline.stop()
        self.give(pipeline)

    def _bury(self, pipeline: Pipeline) -> None:
        """A connection has died; what is in use comes back by itself."""
        if pipeline in self._idle:
            self._idle.remove(pipeline)
            self._give_back(pipeline)

    def _give_back(self, pipeline: Pipeline) -> None:
        if pipeline.spoiled:
            pipeline.lose()
        pipeline.leave()
        self._start(self._put(pipeline), self._returning)

    async def _put(self, pipeline: Pipeline) -> None:
        """The pool rolls back or closes what it does not like, and replaces what is closed."""
        try:
            await self._pool.putconn(pipeline.connection)
        finally:
            self._out -= 1
            self._recruit()

    def _start(self, work: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]) -> asyncio.Task[None]:
        task = self.loop.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        return task
