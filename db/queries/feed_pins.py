"""The posts that owners have put above their feeds."""

from asyncio import Future
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, array
from db.statements import load


class FeedPinRow(NamedTuple):
    feed_id: int
    post_id: int


_STATEMENTS = load("feed_pins")


def pins_by_feed_ids(database: Database, ids: Iterable[int]) -> Future[list[FeedPinRow]]:
    return database.fetch(_STATEMENTS["pins_by_feed_ids"], FeedPinRow, ids=array(ids))


async def replace_pins(database: Database, viewer: int, feed_id: int, ids: Sequence[int]) -> set[int]:
    """Put these posts above a locked feed of the viewer, and no others; those that its owner's feeds may contain."""
    await database.fetch(_STATEMENTS["delete_pins"], IdRow, viewer=viewer, feed_id=feed_id)
    if not ids:
        return set()
    statement = _STATEMENTS["insert_pins"]
    written = await database.fetch(statement, IdRow, viewer=viewer, feed_id=feed_id, ids=array(ids))
    return {row.id for row in written}
