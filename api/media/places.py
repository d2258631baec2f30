"""Who may have a file looked at: a few at once, one of each account, and next whoever has taken the least time lately.

An account with files that take long waits behind those with files that do not, however early it comes and however many
it has: what it has taken counts for half after each minute.
"""

import asyncio
from collections.abc import Callable
from time import monotonic

from db.errors import OverloadedError

_AT_ONCE = 2
_MOST_WAITING = 32
_MOST_OF_ONE = 4  # of one account, one of which is worked on
_WAIT_SECONDS = 10.0
_HALF_SECONDS = 60.0
_MOST_REMEMBERED = 1000


class Places:
    """What is worked on, and who waits, in the order in which they came."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._working = dict[int, float]()  # since when
        self._waiting = dict[int, list[asyncio.Future[None]]]()
        self._used = dict[int, tuple[float, float]]()  # the seconds that it had taken, and when that was

    async def take(self, owner: int) -> bool:
        """Whether there was a place in time. OverloadedError where too many wait."""
        turn = self._enter(owner)
        self._give()
        try:
            await asyncio.wait({turn}, timeout=_WAIT_SECONDS)
        except asyncio.CancelledError:
            if turn.done() and turn.exception() is None:
                self.leave(owner)
            raise
        finally:
            if not turn.done():
                self._withdraw(owner, turn)
        if not turn.done():
            return False
        turn.result()
        return True

    def leave(self, owner: int) -> None:
        now = self._clock()
        began = self._working.pop(owner)
        self._used[owner] = (self._lately(owner) + now - began, now)
        if len(self._used) > _MOST_REMEMBERED:
            del self._used[min(self._used, key=self._lately)]
        self._give()

    def _enter(self, owner: int) -> asyncio.Future[None]:
        """A turn in the line. Where that is full, the newest of whoever has the most in it is sent away."""
        own = len(self._waiting.get(owner, ()))
        if own + (owner in self._working) >= _MOST_OF_ONE:
            raise OverloadedError
        if sum(map(len, self._waiting.values())) >= _MOST_WAITING:
            most = max(self._waiting, key=self._burden)
            if (own + 1, self._lately(owner)) >= self._burden(most):
                raise OverloadedError
            refused = self._waiting[most][-1]
            self._withdraw(most, refused)
            refused.set_exception(OverloadedError())
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(owner, []).append(turn)
        return turn

    def _give(self) -> None:
        """Give the places that are free to those who have taken least, and of equals to the first."""
        while len(self._working) < _AT_ONCE and (able := [one for one in self._waiting if one not in self._working]):
            owner = min(able, key=self._lately)
            turn = self._waiting[owner][0]
            self._withdraw(owner, turn)
            if owner in self._waiting:  # behind those who came meanwhile
                self._waiting[owner] = self._waiting.pop(owner)
            self._working[owner] = self._clock()
            turn.set_result(None)

    def _withdraw(self, owner: int, turn: asyncio.Future[None]) -> None:
        self._waiting[owner].remove(turn)
        if not self._waiting[owner]:
            del self._waiting[owner]

    def _burden(self, owner: int) -> tuple[int, float]:
        return len(self._waiting[owner]), self._lately(owner)

    def _lately(self, owner: int) -> float:
        """The seconds that it has taken, of which half is forgotten in each minute."""
        seconds, then = self._used.get(owner, (0.0, 0.0))
        return seconds * 0.5 ** ((self._clock() - then) / _HALF_SECONDS)
