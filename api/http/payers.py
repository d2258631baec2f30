"""Who pays for a request, and among whose requests it waits: its account, or the address where none is known."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol

from api.http.rate_limit import RateLimiter


class Identity(Protocol):
    """Whose request it is, as far as that is known without asking the database."""

    @property
    def account(self) -> bytes | None:
        """A short key of the account that the token belongs to; None while that is not known, and without a token."""
        ...

    async def look_up(self) -> None:
        """Find out which account it is, where there is a token that is not known."""
        ...

    @property
    def refused(self) -> bool:
        """Whether the token turned out not to be valid."""
        ...


class Payers:
    """Finds the accounts of tokens that are not known where the address has nothing to spare for them.

    So nobody who signs nothing, or falsely, can keep those out who share an address with them.
    """

    def __init__(self, rate_limiter: RateLimiter) -> None:
        self._rate_limiter = rate_limiter
        self._unknown = Counter[bytes]()  # of each address, the requests under way whose accounts are not known

    @asynccontextmanager
    async def of(self, address: bytes, identity: Identity) -> AsyncGenerator[None]:
        """Around a request whose account is not known: it is looked up if the address is at work, or low on points."""
        if self._unknown[address] or self._rate_limiter.is_low(address):
            await identity.look_up()
        if identity.account is not None:
            yield
            return
        self._unknown[address] += 1
        try:
            yield
        finally:
            self._unknown[address] -= 1
            if not self._unknown[address]:
                del self._unknown[address]
