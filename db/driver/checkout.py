"""Checks connections out of a pool: at once if one is idle, else in the order of the requests.

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

IDLE_SECONDS = 60.0  # kept here before they are returned; the pool closes surplus ones after ten minutes
LEASE_SECONDS = 600.0
_SWEEP_SECONDS = 15.0


class Waiter(Protocol):
    """A request that waits for a connection."""

    def receive(self, pipeline: Pipeline) -> None: ...

    def refuse(self, error: Exception) -> None: ...


class _Probe:
    """Waits until a connection is available, and releases it at once."""

    def __init__(self, checkout: "Checkout") -> None:
        self._checkout = checkout
        self.passed: asyncio.Future[None] = checkout.loop.create_future()

    def receive(self, pipeline: Pipeline) -> None:
        self._checkout.release(pipeline)
        if not self.passed.done():
            self.passed.set_result(None)

    def refuse(self, error: Exception) -> None:
        if not self.passed.done():
            self.passed.set_exception(error)


class Checkout:
    """The connections acquired from the pool: those in use, and idle ones.

    A request waits only while none is idle. A released connection goes to the request that has waited longest.
    """

    def __init__(
        self, pool: AsyncConnectionPool[Connection], *, size: int, timeout_seconds: float, prepares: bool
    ) -> None:
        self._pool = pool
        self._size = size
        self._timeout = timeout_seconds
        self._prepares = prepares
        self._idle: list[Pipeline] = []
        self._waiting: OrderedDict[Waiter, asyncio.TimerHandle] = OrderedDict()
        self._leased = 0  # connections acquired from the pool, or being acquired
        self._fetching: set[asyncio.Task[None]] = set()
        self._returning: set[asyncio.Task[None]] = set()
        self._sweeper: asyncio.TimerHandle | None = None
        self._closed = False
        self.loop = asyncio.get_running_loop()
        self._sweep_later()

    def acquire(self) -> Pipeline | None:
        """An idle connection that is alive, if there is one."""
        while self._idle:
            pipeline = self._idle.pop()
            if not pipeline.closed_by_server:
                return pipeline
            pipeline.close()
            self._return(pipeline)
        return None

    def wait(self, waiter: Waiter) -> None:
        """Queue for a connection. The waiter receives one, or is refused at the timeout."""
        self._waiting[waiter] = self.loop.call_later(self._timeout, self._refuse, waiter)
        if self._closed:
            self._refuse(waiter)
        else:
            self._request_connections()

    async def probe(self) -> None:
        """Return when a connection is available; PoolTimeout when none is in time."""
        probe = _Probe(self)
        if (pipeline := self.acquire()) is None:
            self.wait(probe)
        else:
            probe.receive(pipeline)
        await probe.passed

    def stop_waiting(self, waiter: Waiter) -> None:
        """Remove a waiter from the queue."""
        self._waiting.pop(waiter).cancel()

    def release(self, pipeline: Pipeline) -> None:
        """Release a connection; the next waiter receives it at once. Nothing may be under way on it."""
        now = self.loop.time()
        if self._closed or now > pipeline.leased_until or not pipeline.usable:
            self._return(pipeline)
        elif self._waiting:
            waiter, timer = self._waiting.popitem(last=False)
            timer.cancel()
            waiter.receive(pipeline)
        else:
            pipeline.idle_since = now
            self._idle.append(pipeline)

    def reclaim(self, pipeline: Pipeline, interruption: asyncio.Task[None] | None = None) -> asyncio.Task[None]:
        """As `release`, for a connection with statements that were abandoned, after their interruption has ended."""
        return self._start(self._reclaim(pipeline, interruption), self._returning)

    def sweep(self, idle_seconds: float = IDLE_SECONDS) -> None:
        """Return connections that have been idle for long to the pool."""
        oldest = self.loop.time() - idle_seconds
        unwanted = [pipeline for pipeline in self._idle if pipeline.idle_since <= oldest]
        self._idle = [pipeline for pipeline in self._idle if pipeline.idle_since > oldest]
        for pipeline in unwanted:
            self._return(pipeline)

    async def close(self) -> None:
        """Return all connections to the pool: those in use when they are released."""
        self._closed = True
        if self._sweeper is not None:
            self._sweeper.cancel()
        for waiter in list(self._waiting):
            self._refuse(waiter)
        self.sweep(idle_seconds=0.0)
        for task in self._fetching:
            task.cancel()
        while tasks := self._fetching | self._returning:
            await asyncio.wait(tasks)

    def _sweep_later(self) -> None:
        self.sweep()
        self._sweeper = self.loop.call_later(_SWEEP_SECONDS, self._sweep_later)

    def _refuse(self, waiter: Waiter) -> None:
        self._waiting.pop(waiter).cancel()
        waiter.refuse(PoolTimeout(f"no connection in {self._timeout} s"))

    def _request_connections(self) -> None:
        """Request a connection from the pool for each waiter, up to its size."""
        while len(self._fetching) < len(self._waiting) and self._leased < self._size:
            self._leased += 1
            self._start(self._fetch(), self._fetching)

    async def _fetch(self) -> None:
        pipeline: Pipeline | None = None
        try:
            while self._waiting and pipeline is None:
                pipeline = await self._fetched()
        finally:
            if pipeline is None:
                self._leased -= 1
        if pipeline is not None:
            self.release(pipeline)

    async def _fetched(self) -> Pipeline | None:
        try:
            connection = await self._pool.getconn(timeout=self._timeout)
        except (PoolTimeout, PoolClosed):  # the waiters have timers of their own
            return None
        pipeline = Pipeline(
            connection,
            on_close=self._on_closed,
            prepares=self._prepares,
            leased_until=self.loop.time() + LEASE_SECONDS,
        )
        if not pipeline.closed_by_server:
            return pipeline
        pipeline.close()
        await self._pool.putconn(connection)  # which replaces it
        return None

    async def _reclaim(self, pipeline: Pipeline, interruption: asyncio.Task[None] | None) -> None:
        if interruption is not None:
            await asyncio.wait([interruption])
        await pipeline.stop()
        self.release(pipeline)

    def _on_closed(self, pipeline: Pipeline) -> None:
        """A connection was closed; one that is in use is released by its user."""
        if pipeline in self._idle:
            self._idle.remove(pipeline)
            self._return(pipeline)

    def _return(self, pipeline: Pipeline) -> None:
        if pipeline.spoiled:
            pipeline.close()
        pipeline.leave()
        self._start(self._return_to_pool(pipeline), self._returning)

    async def _return_to_pool(self, pipeline: Pipeline) -> None:
        """The pool rolls back or closes a connection that is not idle, and replaces closed ones."""
        try:
            await self._pool.putconn(pipeline.connection)
        finally:
            self._leased -= 1
            self._request_connections()

    def _start(self, work: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]) -> asyncio.Task[None]:
        task = self.loop.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        return task
