"""Who waits for news, and who has some: one look at the database for all subscribers of the process.

It looks after each write of this process, when another process says that it has written, and each second whatever was
said: a wake-up that is lost delays an event, and loses none.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Iterable, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from secrets import token_hex
from typing import Any, TypeVar

from api.live.positions import Position, Stream, present
from db.errors import DatabaseError
from db.pool import Database, Pool
from db.queries import live, sessions
from db.queries.live import NewsRow, PositionRow, Watch

POLL_SECONDS = 1.0
COALESCE_SECONDS = 0.005
AT_ONCE = 1000  # watches, or sessions, that one statement looks for
_REST = 4  # times as long as it took: looking takes a fifth of the time at most

log = logging.getLogger("vrss.live")

Ended = Callable[[], None]
ItemT = TypeVar("ItemT")


class Watcher:
    """One subscriber of a stream; `news` is set while there may be something behind its position."""

    __slots__ = ("news", "position", "stream")

    def __init__(self, stream: Stream, position: Position) -> None:
        self.stream = stream
        self.position = position
        self.news = asyncio.Event()

    @property
    def watch(self) -> Watch:
        return Watch(self.stream.viewer, self.position.seen_at, self.position.snapshot, self.stream.conversation_id)


class Hub:
    """The subscribers of this process, and the sessions that they belong to."""

    def __init__(self, pool: Pool, *, poll_seconds: float = POLL_SECONDS) -> None:
        self.pool = pool
        self._poll_seconds = poll_seconds
        self._watchers: dict[str, set[Watcher]] = {"messages": set(), "notifications": set()}
        self._sessions: defaultdict[bytes, set[Ended]] = defaultdict(set)
        self.subscribed = asyncio.Event()  # by somebody, ever
        self.name = token_hex(8)
        self._wrote = False
        self._woken = asyncio.Event()
        self._polled = 0.0

    def add(self, watcher: Watcher) -> None:
        self._watchers[watcher.stream.kind].add(watcher)
        self.subscribed.set()

    def remove(self, watcher: Watcher) -> None:
        self._watchers[watcher.stream.kind].discard(watcher)

    @property
    def watched(self) -> int:
        """How many streams are watched; one counts for each of its subscribers."""
        return sum(map(len, self._watchers.values()))

    @contextmanager
    def guarding(self, digest: bytes, ended: Ended) -> Generator[None]:
        """Call `ended` when the session of this token is over, or its account is active no more."""
        self._sessions[digest].add(ended)
        try:
            yield
        finally:
            self._sessions[digest].discard(ended)
            if not self._sessions[digest]:
                del self._sessions[digest]

    def wake(self) -> None:
        """Another process has written."""
        self._woken.set()

    def note_write(self) -> None:
        """This process has committed something: it looks, and notifies the others."""
        self._wrote = True
        self._woken.set()

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        """Look within this block."""
        async with running(self._run()):
            yield

    async def _run(self) -> None:
        fails = False
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._poll_seconds):  # wait_for may lose a cancellation before Python 3.12
                    await self._woken.wait()
            await asyncio.sleep(COALESCE_SECONDS)  # others may be about to write
            self._woken.clear()
            started = time.monotonic()
            try:
                await self._look(started)
                fails = False
            except DatabaseError as error:  # whoever waits for news waits on
                (log.debug if fails else log.warning)("live events are late: %s", error.message)
                fails = True
            except Exception:
                log.exception("live events are late")
            await asyncio.sleep(_REST * (time.monotonic() - started))

    async def _look(self, now: float) -> None:
        wrote, self._wrote = self._wrote, False
        if not (wrote or self._sessions or self.watched):
            return
        try:
            await self._ask(now, wrote=wrote)
        except BaseException:
            self._wrote |= wrote  # the others may not have been notified: the next look does it
            raise

    async def _ask(self, now: float, *, wrote: bool) -> None:
        async with self.pool.operation() as database:
            if wrote:
                await live.notify_others(database, self.name)
            if now - self._polled >= self._poll_seconds:
                self._polled = now
                await self._check_sessions(database)
            for watchers in _batches(self._watchers["messages"]):
                before = [one.position for one in watchers]
                row = await live.watches_with_messages(database, [one.watch for one in watchers])
                _report(watchers, before, row)
            for watchers in _batches(self._watchers["notifications"]):
                before = [one.position for one in watchers]
                row = await live.watches_with_notifications(database, [one.watch for one in watchers])
                _report(watchers, before, row)

    async def _check_sessions(self, database: Database) -> None:
        for digests in _batches(self._sessions):
            owners = await sessions.token_owners_by_token_hashes(database, digests)
            living = {bytes.fromhex(owner.token_hash) for owner in owners if owner.status == "active"}
            for digest in set(digests) - living:
                for ended in list(self._sessions.get(digest, ())):
                    ended()


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Let it run within this block."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        while not task.done():  # whatever it was about to do
            task.cancel()
            await asyncio.wait({task}, timeout=1)


def _batches(items: Iterable[ItemT]) -> list[list[ItemT]]:
    found = list(items)
    return [found[start : start + AT_ONCE] for start in range(0, len(found), AT_ONCE)]


def _report(watchers: Sequence[Watcher], before: Sequence[Position], row: NewsRow) -> None:
    """Who has news reads it by itself; all others have seen what there was at this moment, unless they read since."""
    now = present(PositionRow(row.seen_at, row.snapshot, row.epoch))
    having = set(row.numbers)
    for number, (watcher, position) in enumerate(zip(watchers, before, strict=True), 1):
        if number in having or position.epoch != now.epoch:
            watcher.news.set()
        elif watcher.position is position and not watcher.news.is_set():
            watcher.position = now
