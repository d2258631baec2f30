"""What live events are made of: what was written since somebody last saw the database.

A snapshot is one of PostgreSQL's, as text: it says which transactions had ended at one moment.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import array
from db.statements import load


class PositionRow(NamedTuple):
    """A moment at which the database was seen. In another epoch it is another database, or one that lost writes.

    It is another one after each crash: the id of a transaction that was rolled back may be given again.
    """

    seen_at: datetime
    snapshot: str
    epoch: str


class NewsRow(NamedTuple):
    """Which watches have news: their numbers from one on."""

    seen_at: datetime
    snapshot: str
    epoch: str
    numbers: list[int]


class Since(NamedTuple):
    """Behind which moment is read: all that `snapshot` knows was seen, and what `until` knows up to `last_id`."""

    seen_at: datetime
    snapshot: str
    until: str
    last_id: int


class SinceRow(NamedTuple):
    """The ids in order, those first of which `until` knew, `begun_count` of them.

    With `is_cut` there are more than are read at once, and they are not these.
    """

    seen_at: datetime
    snapshot: str
    epoch: str
    ids: list[int]
    begun_count: int
    is_cut: bool


class Watch(NamedTuple):
    """Of `viewer`, behind a moment; of messages in one conversation, or in all where that is 0."""

    viewer: int
    seen_at: datetime
    snapshot: str
    conversation_id: int = 0


CHANNEL = "vrss_live"
_REACH = 10  # times as many rows as are read at once are looked at: a cursor may be anything that a client makes up

_STATEMENTS = load("live")


async def watches_with_messages(database: Database, watches: Sequence[Watch]) -> NewsRow:
    (row,) = await database.fetch(
        _STATEMENTS["watches_with_messages"],
        NewsRow,
        conversation_ids=array(watch.conversation_id for watch in watches),
        **_moments(watches),
    )
    return row


async def watches_with_notifications(database: Database, watches: Sequence[Watch]) -> NewsRow:
    (row,) = await database.fetch(_STATEMENTS["watches_with_notifications"], NewsRow, **_moments(watches))
    return row


async def messages_since(database: Database, viewer: int, conversation_id: int, since: Since, limit: int) -> SinceRow:
    (row,) = await database.fetch(
        _STATEMENTS["messages_since"],
        SinceRow,
        viewer=viewer,
        conversation_id=conversation_id,
        limit=limit,
        reach=_REACH * limit,
        **since._asdict(),
    )
    return row


async def notifications_since(database: Database, viewer: int, since: Since, limit: int) -> SinceRow:
    (row,) = await database.fetch(
        _STATEMENTS["notifications_since"],
        SinceRow,
        viewer=viewer,
        limit=limit,
        reach=_REACH * limit,
        **since._asdict(),
    )
    return row


async def present_position(database: Database) -> PositionRow:
    (row,) = await database.fetch(_STATEMENTS["present_position"], PositionRow)
    return row


async def notify_others(database: Database, name: str) -> None:
    await database.execute(_STATEMENTS["notify_others"], channel=CHANNEL, name=name)


def _moments(watches: Sequence[Watch]) -> dict[str, object]:
    return {
        "viewers": array(watch.viewer for watch in watches),
        "times": [watch.seen_at for watch in watches],
        "snapshots": " ".join(watch.snapshot for watch in watches),
    }
