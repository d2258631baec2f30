"""How often somebody may guess a password, register, try which addresses are taken, or have e-mails sent.

Failures are counted for each address and for each account at an address; too many of them, and neither may try for an
hour. An account alone only gets slower to try, since whoever could have it refused could lock its owner out. Accounts
are identified by what was typed, so that an unknown one is counted like a known one.

E-mails are counted by the network address that asks for them, by the account that does, and by their receiver. Those of
one purpose do not count for another: else requesting somebody's password resets could keep them from confirming
their address.
"""

import asyncio
import hashlib
import logging
import math
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError

from api.accounts.memory_storage import BoundedMemoryStorage
from db.documents.folding import fold
from db.errors import DuplicateEmailError, OverloadedError, RateLimitedError

_MINUTES = 15
_BLOCK = RateLimitItemPerHour(1, namespace="blocked")
_EXPORTS = RateLimitItemPerHour(10, namespace="exports")
# Counts and never refuses.
_ACCOUNT_FAILURES = RateLimitItemPerMinute(1_000_000, _MINUTES, namespace="failures")

_REDIS_SECONDS = 1.0  # for one answer, before this process counts for itself
_AWAY_SECONDS = 10.0  # how long it is not asked after that
_FIRST_DELAY_SECONDS = 0.25
_LONGEST_DELAY_SECONDS = 4.0

AnswerT = TypeVar("AnswerT")

log = logging.getLogger("vrss.throttle")


@dataclass(frozen=True, slots=True)
class ThrottleLimits:
    """How many failures in 15 minutes one account may have at one address, and one address in all.

    Registrations and e-mails are those of an hour; an account may ask for as many e-mails as one receiver may get of a
    kind. `most_waiting`: how many requests of one address may wait for one another.
    """

    per_account_and_address: int = 10
    per_address: int = 10
    registrations_per_address: int = 10
    emails_per_address: int = 30
    emails_per_recipient: int = 5
    most_waiting: int = 120


class Throttle:
    """Counts in this process, or in a Redis that several share and that remembers over a restart.

    While that Redis does not answer, each process counts for itself. It is asked again every ten seconds, so that one
    question of many waits in vain.
    """

    def __init__(self, limits: ThrottleLimits, redis_url: str | None = None) -> None:
        self._own = FixedWindowRateLimiter(BoundedMemoryStorage())
        self._connections = None if redis_url is None else _connections(redis_url)
        self._shared = self._own
        self._away_until = 0.0  # 0 while the Redis answers
        if redis_url is not None:
            shared: dict[str, Any] = {"connection_pool": self._connections}
            storage = RedisStorage(
                redis_url, wrap_exceptions=True, implementation="redispy", key_prefix="vrss", **shared
            )
            self._shared = FixedWindowRateLimiter(storage)
        self._pair = RateLimitItemPerMinute(limits.per_account_and_address, _MINUTES, namespace="failures")
        self._address = RateLimitItemPerMinute(limits.per_address, _MINUTES, namespace="failures")
        self._registrations = RateLimitItemPerHour(limits.registrations_per_address, namespace="registrations")
        self._senders = RateLimitItemPerHour(limits.emails_per_address, namespace="emails")
        self._receivers = RateLimitItemPerHour(limits.emails_per_recipient, namespace="emails")
        self._slow_from = limits.per_account_and_address
        self._most_waiting = limits.most_waiting
        self._turns: WeakValueDictionary[str, _Turn] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncGenerator[None]:
        """What costs much is done for one request of an address at a time, so that no address takes all there is."""
        turn = self._turns.setdefault(address, _Turn())
        if turn.waiting >= self._most_waiting:
            raise OverloadedError
        turn.waiting += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.waiting -= 1

    @asynccontextmanager
    async def attempt(self, account: str, address: str, *, known: bool = False) -> AsyncGenerator["Attempt"]:
        """Room for one guess at the password of an account, else RateLimitedError; `known`: by one who is signed in.

        Those of one address are made one after another, so that no more of them are made at once than may fail.
        """
        key = account_key(account)
        counted = ((self._pair, (key, address)), (self._address, (address,)))
        async with self.turn(address):
            for _, keys in counted:
                await self._require(_BLOCK, *keys)
            if not known:
                await asyncio.sleep(await self._delay(key))
            attempt = Attempt()
            yield attempt
            if attempt.passed:
                await self._ask(lambda limiter: limiter.clear(self._pair, key, address))
            elif attempt.passed is False:
                await self._ask(lambda limiter: limiter.hit(_ACCOUNT_FAILURES, "account", key))
                for item, keys in counted:
                    await self._count_failure(item, keys)

    @asynccontextmanager
    async def registration(self, address: str) -> AsyncGenerator[None]:
        """Room for one more registration, else RateLimitedError; it counts once the block has ended well."""
        async with self.turn(address):
            await self._require(self._registrations, "address", address)
            async with self._probe(("taken", address)):
                yield
            await self._ask(lambda limiter: limiter.hit(self._registrations, "address", address))

    @asynccontextmanager
    async def email_change(self, user_id: int, address: str) -> AsyncGenerator[None]:
        """Room for one more new address of an account, else RateLimitedError."""
        async with self.turn(address), self._probe(("taken", address), ("taken", "account", str(user_id))):
            yield

    @asynccontextmanager
    async def _probe(self, *counted: tuple[str, ...]) -> AsyncGenerator[None]:
        """Too many DUPLICATE_EMAIL block further addresses for an hour, like too many wrong passwords."""
        for keys in counted:
            await self._require(_BLOCK, *keys)
        try:
            yield
        except DuplicateEmailError:
            for keys in counted:
                await self._count_failure(self._address, keys)
            raise

    async def sender(self, address: str, account: int | None = None) -> None:
        """Room for one more e-mail at the request of an address, and of an account; else RateLimitedError."""
        await self._spend(self._senders, "address", address)
        if account is not None:
            await self._spend(self._receivers, "account", str(account))

    async def receiver(self, recipient: str, purpose: str) -> int:
        """0 when one more e-mail of this purpose may go there, else how many seconds until one may."""
        key = account_key(recipient)
        if await self._ask(lambda limiter: limiter.hit(self._receivers, purpose, key)):
            return 0
        return await self._seconds_left(self._receivers, purpose, key)

    async def export(self, user_id: int) -> None:
        """Room for one more export of an account, else RateLimitedError."""
        await self._spend(_EXPORTS, "account", str(user_id))

    async def close(self) -> None:
        if self._connections is not None:
            await self._connections.aclose()

    async def _require(self, item: RateLimitItem, *keys: str) -> None:
        if not await self._ask(lambda limiter: limiter.test(item, *keys)):
            raise RateLimitedError(retry_after=await self._seconds_left(item, *keys))

    async def _spend(self, item: RateLimitItem, *keys: str) -> None:
        if not await self._ask(lambda limiter: limiter.hit(item, *keys)):
            raise RateLimitedError(retry_after=await self._seconds_left(item, *keys))

    async def _seconds_left(self, item: RateLimitItem, *keys: str) -> int:
        window = await self._ask(lambda limiter: limiter.get_window_stats(item, *keys))
        return max(1, math.ceil(window.reset_time - time.time()))

    async def _count_failure(self, item: RateLimitItem, keys: tuple[str, ...]) -> None:
        await self._ask(lambda limiter: limiter.hit(item, *keys))
        if not await self._ask(lambda limiter: limiter.test(item, *keys)):
            await self._ask(lambda limiter: limiter.hit(_BLOCK, *keys))

    async def _delay(self, key: str) -> float:
        """Seconds to wait: nothing at first, then twice as long with each failure, up to a bound."""
        window = await self._ask(lambda limiter: limiter.get_window_stats(_ACCOUNT_FAILURES, "account", key))
        excess = _ACCOUNT_FAILURES.amount - window.remaining - self._slow_from
        return 0 if excess < 0 else min(_FIRST_DELAY_SECONDS * 2 ** min(excess, 10), _LONGEST_DELAY_SECONDS)

    async def _ask(self, question: Callable[[FixedWindowRateLimiter], Awaitable[AnswerT]]) -> AnswerT:
        now = time.monotonic()
        if now < self._away_until:
            return await question(self._own)
        if self._away_until:  # while this question tries, the others need not wait for it
            self._away_until = now + _AWAY_SECONDS
        try:
            answer = await question(self._shared)
        except StorageError as error:
            log.warning("Redis does not answer, so that this process counts for itself: %s", error.storage_error)
            self._away_until = time.monotonic() + _AWAY_SECONDS
            return await question(self._own)
        self._away_until = 0.0
        return answer


class _Turn:
    """Whose turn it is at one address; it is forgotten when nobody waits."""

    __slots__ = ("__weakref__", "lock", "waiting")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0


class Attempt:
    """One guess; whoever made it says whether it was right. One that says nothing is not counted."""

    __slots__ = ("passed",)

    def __init__(self) -> None:
        self.passed: bool | None = None


def _connections(url: str) -> Any:
    from redis.asyncio import ConnectionPool  # noqa: PLC0415  (only those who have a Redis wait for it to load)

    pool: Any = ConnectionPool
    patience = _REDIS_SECONDS
    return pool.from_url(url.replace("redis+unix:", "unix:"), socket_timeout=patience, socket_connect_timeout=patience)


def account_key(name: str) -> str:
    """What stands for a name among the counters: of one length, and no list of addresses for whoever reads them."""
    return hashlib.sha256(fold(name.strip()).encode()).hexdigest()
