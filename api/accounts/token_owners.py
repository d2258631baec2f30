"""Looks up whose tokens are that the process does not know yet, so that their accounts pay and not their addresses.

Who sends wrong tokens must not keep others from being known: all that wait are looked up in one statement, by an index,
one statement after the other. So a flood of them takes one connection, and a token waits for two statements.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeAlias

from db.errors import OverloadedError
from db.pool import Database, Pool
from db.queries import sessions as queries
from db.queries.sessions import TokenOwnerRow

MOST_WAITING = 10_000

OwnersByTokenHashes: TypeAlias = Callable[[Database, Iterable[bytes]], Awaitable[list[TokenOwnerRow]]]


class TokenOwners:
    """The look-ups of one process, of the tokens that `find_all` knows: those of sessions, unless others are meant."""

    def __init__(self, pool: Pool, find_all: OwnersByTokenHashes = queries.token_owners_by_token_hashes) -> None:
        self._pool = pool
        self._find_all = find_all
        self._waiting: dict[bytes, asyncio.Future[TokenOwnerRow | None]] = {}
        self._work: asyncio.Task[None] | None = None

    async def find(self, digest: bytes) -> TokenOwnerRow | None:
        """The owner of a token; None where it is not valid. OverloadedError where too many wait already."""
        asked = self._waiting.get(digest)
        if asked is None:
            if len(self._waiting) >= MOST_WAITING:
                raise OverloadedError
            asked = self._waiting[digest] = asyncio.get_running_loop().create_future()
            if self._work is None:
                self._work = asyncio.create_task(self._look_up_all())
        return await asyncio.shield(asked)  # others may wait for the same

    async def _look_up_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, {}
                await self._look_up(batch)
        finally:
            self._work = None

    async def _look_up(self, batch: dict[bytes, asyncio.Future[TokenOwnerRow | None]]) -> None:
        try:
            async with self._pool.operation() as database:
                found = await self._find_all(database, batch)
        except Exception as error:  # noqa: BLE001  # each of those who wait reports it
            for asked in batch.values():
                asked.set_exception(error)
                asked.exception()  # also where nobody waits any more
            return
        owners = {owner.token_hash: owner for owner in found}
        for digest, asked in batch.items():
            asked.set_result(owners.get(digest.hex()))
