"""How many operations of one caller are at work at the same time: the others wait for their turn.

So one caller with many connections gets a few of the database's, and everybody else finds some free.
"""

import asyncio
from collections import deque
from contextlib import suppress
from types import TracebackType

from api.http.requests import RequestError

_RETRY = (b"retry-after", b"1")


class _Line:
    """One caller's operations: how many are at work, and those that wait, the first to come first."""

    __slots__ = ("at_work", "waiting")

    def __init__(self) -> None:
        self.at_work = 0
        self.waiting: deque[asyncio.Future[None]] = deque()


class Admission:
    """Lets `at_once` operations of each caller work, and `waiting` more wait; others are refused with 429.

    `what` these are, if they are no operations, as the refusal says it.
    """

    def __init__(self, *, at_once: int, waiting: int, what: str = "operations") -> None:
        self.what = what
        self.at_once = at_once
        self.most_waiting = waiting
        self._lines: dict[bytes, _Line] = {}

    @property
    def count(self) -> int:
        """How many callers have operations at work."""
        return len(self._lines)

    def of(self, caller: bytes) -> "Place":
        """A place for one operation of this caller, to be taken with `async with`."""
        return Place(self, self._lines, caller)


class Place:
    """Within its block one operation is at work; to enter it is to wait where necessary."""

    __slots__ = ("_admission", "_caller", "_line", "_lines")

    def __init__(self, admission: Admission, lines: dict[bytes, _Line], caller: bytes) -> None:
        self._admission = admission
        self._lines = lines
        self._caller = caller

    async def __aenter__(self) -> None:
        line = self._lines.get(self._caller)
        if line is None:
            line = self._lines[self._caller] = _Line()
        self._line = line
        if line.at_work < self._admission.at_once:
            line.at_work += 1
        else:
            await self._wait()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pass_on()

    async def _wait(self) -> None:
        waiting, admission = self._line.waiting, self._admission
        if len(waiting) >= admission.most_waiting:
            most = admission.at_once + admission.most_waiting
            message = f"You have {most} {admission.what} under way: wait for some."
            raise RequestError(429, message, _RETRY, code="RATE_LIMITED")
        turn = asyncio.get_running_loop().create_future()
        waiting.append(turn)
        try:
            await turn
        except BaseException:
            if turn.cancelled():
                with suppress(ValueError):  # whoever passed a place on has taken it out of the line
                    waiting.remove(turn)
            else:  # the place came in the moment in which nobody wanted it any more
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Give the place to the next who waits."""
        line = self._line
        while line.waiting:
            turn = line.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        line.at_work -= 1
        if line.at_work == 0:
            del self._lines[self._caller]
