"""The rate limiter: a token bucket of points for each caller, and a price for each operation.

The bucket is the account's, whichever of its tokens is sent, or the address's of callers without a token and with an
invalid one. A token that is not known yet is charged to the address until it has been answered, and before that where
the address has little left. Buckets are kept in this process: several
processes allow several times as much.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from graphql import GraphQLError
from starlette.types import Scope

from api.execution.operations import DocumentError
from api.http.requests import RequestError

REFUSAL = 100  # the price of a refused request, be it for its token, its document or its cost
_MAX_BUCKETS = 50_000
_MINUTES_OF_DEBT = 10
_LARGEST_REQUEST = 125_000  # a body of 1 MiB, a document of 1,000 fields, its plan and the operation


class Charge(NamedTuple):
    """What an operation was charged, and what its caller has left."""

    key: bytes
    limit: int
    cost: int
    remaining: int
    seconds_to_full: float

    @property
    def reset_at(self) -> datetime:
        """When the bucket will be full again."""
        return datetime.fromtimestamp(time.time() + self.seconds_to_full, UTC)


class RateLimiter:
    """Refuses operations over `max_cost` with COST_LIMIT, and callers who ask for more than `per_minute` with 429."""

    def __init__(self, *, max_cost: int, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`per_minute` is also the most that a bucket holds; 0 switches the rate limit off."""
        self._max_cost = max_cost
        self._limit = per_minute
        # What an operation may cost before it is stopped: what it may ask for, however long its lists turn out to be.
        self.most = min(max_cost, per_minute) if per_minute else max_cost
        self._most_debt = _MINUTES_OF_DEBT * per_minute
        self._clock = clock
        self._rate = per_minute / 60
        # What is in each bucket, and since when; the one that has not been used for longest comes first.
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def charge(self, caller: bytes, requested: int) -> Charge | None:
        """Take the price of an operation out of its caller's bucket; None without a rate limit."""
        if requested > self._max_cost:
            raise _too_expensive(requested, self._max_cost)
        return self._take(caller, requested) if self._limit else None

    def is_low(self, caller: bytes) -> bool:
        """Whether its bucket may not hold what the largest request is charged."""
        return self._limit > 0 and self._level(caller) < min(self._limit, _LARGEST_REQUEST)

    def charge_reading(self, caller: bytes, points: int) -> None:
        """Take the price of reading a body, or a document for the first time, whatever becomes of it."""
        if self._limit:
            self._take(caller, points)

    def charge_refusal(self, caller: bytes) -> None:
        """Take the price of a refused request, so that a caller of many invalid ones is RATE_LIMITED, too."""
        if self._limit:
            self._take(caller, min(REFUSAL, self._limit))

    def _take(self, caller: bytes, points: int) -> Charge:
        if points > self._limit:  # no waiting would help
            raise _too_expensive(points, self._limit)
        level = self._level(caller) - points
        if level < 0:
            seconds = math.ceil(-level / self._rate)
            retry = (b"retry-after", b"%d" % seconds)
            message = f"You have asked for too much: try again in {seconds} seconds."
            raise RequestError(429, message, retry, code="RATE_LIMITED")
        self._fill(caller, level)
        return Charge(caller, self._limit, points, int(level), (self._limit - level) / self._rate)

    def settle(self, charge: Charge, payer: bytes, actual: int) -> None:
        """Charge the actual cost to the verified caller, and refund the estimate to whoever was charged.

        Who owes points pays them before anything else, for ten minutes at most. More than that stays with the key that
        was charged.
        """
        self._fill(charge.key, self._level(charge.key) + charge.cost)
        level = self._level(payer) - actual
        unpaid = min(level + self._most_debt, 0.0)
        self._fill(payer, level - unpaid)
        if unpaid and payer != charge.key:
            self._fill(charge.key, max(self._level(charge.key) + unpaid, -self._most_debt))

    def _level(self, key: bytes) -> float:
        found = self._buckets.get(key)
        if found is None:
            return self._limit
        level, since = found
        return min(level + (self._clock() - since) * self._rate, self._limit)

    def _fill(self, key: bytes, level: float) -> None:
        self._buckets[key] = (min(level, self._limit), self._clock())
        self._buckets.move_to_end(key)
        if len(self._buckets) > _MAX_BUCKETS:
            self._buckets.popitem(last=False)


def _too_expensive(points: int, most: int) -> DocumentError:
    message = f"The operation asks for too much: it may cost {points:,}, at most {most:,}."
    return DocumentError([GraphQLError(message, extensions={"code": "COST_LIMIT"})])


def caller_address(scope: Scope) -> bytes:
    """The caller's network address; of IPv6 the /64 network, which one household has."""
    client = scope.get("client")
    return _network(client[0]) if client else b"-"


@lru_cache(maxsize=10_000)
def _network(host: str) -> bytes:
    try:
        address = ip_address(host)
    except ValueError:
        return host.encode()
    return host.encode() if address.version == 4 else str(ip_network((host, 64), strict=False)).encode()  # noqa: PLR2004
