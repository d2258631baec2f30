"""The time that statements of feeds take: bounded, and paid for by who chose the rules.

What a feed costs is for those who build it to decide, so the price of a page says nothing about it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from api.gql.errors import CostLimitError
from api.gql.visibility import Owned, PayingSight
from db.errors import StatementTimeoutError
from db.statements import Bound

FoundT = TypeVar("FoundT")

OWN_MS = 1_500
"""How long a statement of the reader's own rules may take."""
VISIT_MS = 300
"""How long one of somebody else's rules may take, in a section or a shared feed: its reader can do nothing about it."""

# Whoever reads pays, also for the rules of others, or these could be written so as to be read for nothing.
_USUAL_MS = 250
_USUAL_VISIT_MS = 50
_POINTS_PER_MS = 20
_POINTS_PER_BORROWED_FILTER = 2  # with three feeds of twenty, about twice a page of one's own
_MOST_OF_OPERATION = 30_000  # beyond it no other statement of a feed begins


class TimeBudget:
    """Runs statements of feeds; `payer` pays for what they take beyond the usual."""

    too_costly = (
        "These rules have to look through too many posts. Let them ask for a tag, for authors or for a time, or for a "
        "text that more posts have. Many long muted words take time in each of these posts, too."
    )

    def __init__(self, payer: PayingSight, timeout_ms: int = OWN_MS) -> None:
        self._payer = payer
        self._timeout_ms = timeout_ms
        self._usual_ms = _USUAL_VISIT_MS if timeout_ms == VISIT_MS else _USUAL_MS
        self._time = payer.feed_time

    async def run(self, ask: Callable[..., Awaitable[FoundT]], *, borrowed: int = 0) -> FoundT:
        """What `ask(bound=…)` finds; COST_LIMIT where it takes too long, or others have already.

        `borrowed` filters of other feeds are asked beside those of the rules themselves.
        """
        if self._payer.surcharge >= _MOST_OF_OPERATION:
            raise CostLimitError(self.too_costly)
        self._payer.add_cost(borrowed * _POINTS_PER_BORROWED_FILTER)
        if self._time.under_way == 0:
            self._time.since = time.monotonic()
        self._time.under_way += 1
        try:
            return await ask(bound=Bound(self._timeout_ms, self._pay))
        except asyncio.CancelledError:  # whoever leaves has taken the time until then, once for all under way
            if not self._time.has_left:
                self._time.has_left = True
                self._pay(min((time.monotonic() - self._time.since) * 1_000, self._timeout_ms))
            raise
        except StatementTimeoutError as error:
            if error.__cause__ is None:  # of the request: its deadline has passed
                raise
            self._pay(self._timeout_ms)
            raise CostLimitError(self.too_costly) from error
        finally:
            self._time.under_way -= 1

    def _pay(self, took_ms: float) -> None:
        """For the server's own time: to wait for a connection or for others is no fault of the rules."""
        self._time.since = time.monotonic()
        free = min(took_ms, self._usual_ms, self._time.free_ms)
        self._time.free_ms -= free
        self._payer.add_cost(round(took_ms - free) * _POINTS_PER_MS)


class WordsBudget(TimeBudget):
    """For looking for the reader's muted words in the posts of a page that was read without them."""

    too_costly = "Your muted words take too long to look for in these posts: read a shorter page, or mute fewer words."

    def __init__(self, payer: PayingSight) -> None:
        super().__init__(payer)
        self._usual_ms = _USUAL_VISIT_MS


def budget_of(payer: PayingSight, feed: Owned) -> TimeBudget:
    """For a feed that the viewer reads outside of sections."""
    return TimeBudget(payer, OWN_MS if feed.user_id == payer.viewer_id else VISIT_MS)
