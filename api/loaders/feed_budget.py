"""The time that statements of feeds take: bounded, and paid for by who chose the rules.

What a feed costs is for those who build it to decide, so the price of a page says nothing about it.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from api.gql.errors import CostLimitError
from api.gql.visibility import Owned, PayingSight, Sight
from db.errors import StatementTimeoutError

FoundT = TypeVar("FoundT")

OWN_MS = 1_500
"""How long a statement of the reader's own rules may take."""
VISIT_MS = 300
"""How long one of somebody else's rules may take, in a section or a shared feed: its reader can do nothing about it."""

# Whoever reads pays, also for the rules of others, or these could be written so as to be read for nothing.
_USUAL_MS = 250
_USUAL_VISIT_MS = 50
_POINTS_PER_MS = 20
_MOST_OF_OPERATION = 30_000  # beyond it no other statement of a feed begins

_TOO_COSTLY = (
    "These rules have to look through too many posts. Let them ask for a tag, for authors or for a time, or for a text "
    "that more posts have."
)


class TimeBudget:
    """Runs statements of feeds; `payer` pays for what they take beyond the usual."""

    def __init__(self, payer: PayingSight, timeout_ms: int = OWN_MS) -> None:
        self._payer = payer
        self._timeout_ms = timeout_ms
        self._usual_ms = _USUAL_VISIT_MS if timeout_ms == VISIT_MS else _USUAL_MS

    async def run(self, sight: Sight, ask: Callable[..., Awaitable[FoundT]]) -> FoundT:
        """What `ask(timeout_ms=…)` finds; COST_LIMIT where that takes too long, or the operation has run too long."""
        payer, loop = self._payer, sight.database.loop
        if payer.surcharge >= _MOST_OF_OPERATION:
            raise CostLimitError(_TOO_COSTLY)
        started = loop.time()
        try:
            found = await ask(timeout_ms=self._timeout_ms)
        except StatementTimeoutError as error:
            if error.__cause__ is None:  # of the request: its deadline has passed
                raise
            self._pay(started, loop.time())
            raise CostLimitError(_TOO_COSTLY) from error
        self._pay(started, loop.time())
        return found

    def _pay(self, started: float, ended: float) -> None:
        """For the time since the last statement ended, if that was later: those of one operation run one by one."""
        payer = self._payer
        took = (ended - max(started, payer.charged_until)) * 1_000
        took = min(took, self._timeout_ms)  # to wait for a connection is no fault of the rules
        payer.charged_until = ended
        payer.add_cost(round(max(took - self._usual_ms, 0)) * _POINTS_PER_MS)


def budget_of(sight: PayingSight, feed: Owned) -> TimeBudget:
    """For a feed that the viewer reads outside of sections."""
    return TimeBudget(sight, OWN_MS if feed.user_id == sight.viewer_id else VISIT_MS)
