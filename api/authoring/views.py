"""How often posts are looked at, counted in memory and written down together: no read writes."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from time import monotonic

from db.errors import DatabaseError
from db.pool import Pool
from db.queries import posts

FLUSH_SECONDS = 5.0
"""How often a process writes its counts: a crash loses no more than this."""
WINDOW_SECONDS = 3600.0
"""A viewer counts once for each post in this time."""
MOST_REMEMBERED = 100_000  # views: about 20 MB. With more, the oldest ones may count again before their time.
MOST_PENDING = 10_000  # posts, while the database is away; those of others are not counted then

log = logging.getLogger("vrss.views")


class Views:
    """Each process counts by itself: a viewer whose requests go to several may count once in each of them."""

    def __init__(self, pool: Pool, *, remembered: int = MOST_REMEMBERED, pending: int = MOST_PENDING) -> None:
        self._pool = pool
        self._remembered = remembered
        self._most_pending = pending
        self._seen: OrderedDict[tuple[int, str], float] = OrderedDict()
        self._pending: dict[int, int] = {}
        self._under_way: dict[int, int] = {}
        self._posts = 0  # that are pending or under way

    def add(self, post_id: int, viewer: str, now: float | None = None) -> None:
        """Count a view, unless the viewer has been counted for this post within the window."""
        now = monotonic() if now is None else now
        key = (post_id, viewer)
        self._forget(now)
        is_new = post_id not in self._pending and post_id not in self._under_way
        if key in self._seen or (is_new and self._posts >= self._most_pending):
            return
        self._posts += is_new
        self._seen[key] = now
        self._pending[post_id] = self._pending.get(post_id, 0) + 1

    def _forget(self, now: float) -> None:
        """What is older than the window, or too much."""
        while self._seen:
            key, at = next(iter(self._seen.items()))
            if at > now - WINDOW_SECONDS and len(self._seen) < self._remembered:
                return
            del self._seen[key]

    async def flush(self) -> None:
        """Write what has been counted, in one statement; what cannot be written now waits for the next time."""
        if not self._pending:
            return
        counted = self._under_way = self._pending
        self._pending = {}
        try:
            async with self._pool.operation() as database:
                await posts.add_views(database, counted)
        except DatabaseError as error:
            log.warning("views of %s posts are written later: %s", len(counted), error.message)
            for post_id, count in self._pending.items():
                counted[post_id] = counted.get(post_id, 0) + count
            self._pending = counted
        finally:
            self._under_way = {}
            self._posts = len(self._pending)

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        """Write every few seconds within this block, and once at its end."""
        over = asyncio.Event()
        task = asyncio.create_task(self._flush_until(over))
        try:
            yield
        finally:
            over.set()
            await task

    async def _flush_until(self, over: asyncio.Event) -> None:
        while not over.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), FLUSH_SECONDS)
            try:
                await self.flush()
            except Exception:
                log.exception("views were not written")
