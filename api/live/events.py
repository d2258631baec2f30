"""What a subscriber gets, event by event, out of the rows that were written."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Generic, NamedTuple, Self, TypeVar

from api.live.hub import Hub, Watcher
from api.live.positions import Position, Stream, position, present
from db.errors import OverloadedError, StatementTimeoutError
from db.queries import live
from db.queries.live import PositionRow, SinceRow

MOST_MISSED = 500  # events that are read at once: who has missed more reads everything anew
_RETRY_SECONDS = 1.0


class MessageEventRow(NamedTuple):
    """A message that was sent; None where the subscriber has to read everything again."""

    kind: str
    cursor: str
    message_id: int | None


class NotificationEventRow(NamedTuple):
    """A notification that was made; None where the subscriber has to read everything again."""

    kind: str
    cursor: str
    notification_id: int | None


EventT = TypeVar("EventT", MessageEventRow, NotificationEventRow)


class Events(AsyncIterator[EventT], Generic[EventT]):
    """The events of one stream behind a position, without an end. To be closed.

    Nothing waits in memory for a slow reader but the ids of one read: the next read begins where that one ended.
    """

    def __init__(self, hub: Hub, stream: Stream, kind: type[EventT], begin: Position) -> None:
        self._hub = hub
        self._kind = kind
        self._waiting: deque[tuple[str, Position, int | None]] = deque()
        self._watcher = Watcher(stream, begin)
        self._watcher.news.set()  # there may be some by now

    @property
    def position(self) -> Position:
        """Behind all that was read."""
        return self._watcher.position

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> EventT:
        while not self._waiting:
            await self._watcher.news.wait()
            self._watcher.news.clear()  # what comes while this is read is found by the next look
            try:
                await self._read()
            except (OverloadedError, StatementTimeoutError):  # it comes later
                self._watcher.news.set()
                await asyncio.sleep(_RETRY_SECONDS)
        kind, behind, row_id = self._waiting.popleft()
        return self._kind(kind, behind.cursor(self._watcher.stream), row_id)

    async def aclose(self) -> None:
        self._hub.remove(self._watcher)

    async def _read(self) -> None:
        watcher, begin = self._watcher, self._watcher.position
        row = await self._rows(begin)
        watcher.position = now = present(PositionRow(row.seen_at, row.snapshot, row.epoch))
        self._hub.add(watcher)  # only now: the position before was the client's, and others are looked for with it
        if row.epoch != begin.epoch or row.is_cut or begin.is_ahead_of(now):
            self._waiting.append(("RESYNC", now, None))
            return
        for number, row_id in enumerate(row.ids, 1):
            if number == len(row.ids):
                behind = now
            elif number <= row.begun_count:
                behind = begin._replace(last_id=row_id)
            else:  # all that the earlier read knew is through
                behind = begin._replace(snapshot=begin.until, until=row.snapshot, last_id=row_id)
            self._waiting.append(("DATA", behind, row_id))

    async def _rows(self, begin: Position) -> SinceRow:
        stream = self._watcher.stream
        async with self._hub.pool.operation() as database:
            if stream.kind == "notifications":
                return await live.notifications_since(database, stream.viewer, begin.since, MOST_MISSED)
            return await live.messages_since(database, stream.viewer, stream.conversation_id, begin.since, MOST_MISSED)


async def events(hub: Hub, stream: Stream, kind: type[EventT], after: str | None) -> Events[EventT]:
    """The events of a stream from now on, or behind a cursor: BAD_CURSOR where it is of no such stream."""
    if after is not None:
        return Events(hub, stream, kind, position(after, stream))
    async with hub.pool.operation() as database:
        return Events(hub, stream, kind, present(await live.present_position(database)))
