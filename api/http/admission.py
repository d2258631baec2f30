"""How many operations of one caller run at the same time; the others wait in a queue.

So one caller with many connections gets a few of the database's, and everybody else finds some free.
"""

import asyncio
from collections import deque
from contextlib import suppress
from types import TracebackType

from api.http.requests import RETRY_SOON, RequestError


class _CallerQueue:
    """One caller's operations: how many run, and those that wait, first come first."""

    __slots__ = ("running", "waiting")

    def __init__(self) -> None:
        self.running = 0
        self.waiting: deque[asyncio.Future[None]] = deque()


class Admission:
    """Lets `at_once` operations of each caller run, and `waiting` more wait; others are refused with 429.

    `what` names them in the error message.
    """

    def __init__(self, *, at_once: int, waiting: int, what: str = "operations") -> None:
        self.what = what
        self.at_once = at_once
        self.most_waiting = waiting
        self._queues: dict[bytes, _CallerQueue] = {}

    @property
    def count(self) -> int:
        """How many callers have operations running."""
        return len(self._queues)

    def of(self, caller: bytes) -> "Slot":
        """A slot for one operation of this caller, acquired by `async with`."""
        return Slot(self, self._queues, caller)


class Slot:
    """Held while one operation runs; entering waits until a slot is free."""

    __slots__ = ("_admission", "_caller", "_queue", "_queues")

    def __init__(self, admission: Admission, queues: dict[bytes, _CallerQueue], caller: bytes) -> None:
        self._admission = admission
        self._queues = queues
        self._caller = caller

    async def __aenter__(self) -> None:
        queue = self._queues.get(self._caller)
        if queue is None:
            queue = self._queues[self._caller] = _CallerQueue()
        self._queue = queue
        if queue.running < self._admission.at_once:
            queue.running += 1
        else:
            await self._wait()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._release()

    async def _wait(self) -> None:
        waiting, admission = self._queue.waiting, self._admission
        if len(waiting) >= admission.most_waiting:
            most = admission.at_once + admission.most_waiting
            message = f"You have {most} {admission.what} under way: wait for some."
            raise RequestError(429, message, RETRY_SOON, code="RATE_LIMITED")
        waiter = asyncio.get_running_loop().create_future()
        waiting.append(waiter)
        try:
            await waiter
        except BaseException:
            if waiter.cancelled():
                with suppress(ValueError):  # a release has removed it from the queue already
                    waiting.remove(waiter)
            else:  # the slot was handed over just as the wait was cancelled
                self._release()
            raise

    def _release(self) -> None:
        """Hand the slot to the next waiter, or free it."""
        queue = self._queue
        while queue.waiting:
            waiter = queue.waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        queue.running -= 1
        if queue.running == 0:
            del self._queues[self._caller]
