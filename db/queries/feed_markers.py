"""How far people have read feeds."""

from asyncio import Future
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, array
from db.statements import load

_STATEMENTS = load("feed_markers")

_SCORED = 3  # the length of a sort key with a score in it


class FeedMarkerRow(NamedTuple):
    """A place in a feed: the sort key of a post that may be gone, `score` in front of it but under RECENT."""

    feed_id: int
    rules_version: int
    score: int | None
    created_at: datetime
    id: int
    set_at: datetime


def markers_by_feed_ids(database: Database, viewer: int, ids: Iterable[int]) -> Future[list[FeedMarkerRow]]:
    return database.fetch(_STATEMENTS["markers_by_feed_ids"], FeedMarkerRow, viewer=viewer, ids=array(ids))


async def set_feed_marker(
    database: Database, viewer: int, feed_id: int, rules_version: int, key: Sequence[datetime | int], *, most: int
) -> bool:
    """Whether this sort key is noted; not where the viewer may not open the feed, or has `most` other markers."""
    noted = await database.fetch_one(
        _STATEMENTS["set_feed_marker"],
        IdRow,
        viewer=viewer,
        feed_id=feed_id,
        rules_version=rules_version,
        score=key[-3] if len(key) == _SCORED else None,
        created_at=key[-2],
        post_id=key[-1],
        most=most,
    )
    return noted is not None


async def delete_lost_markers(database: Database, viewer: int) -> bool:
    """Whether there was a marker in a feed that the viewer can open no more."""
    return bool(await database.fetch(_STATEMENTS["delete_lost_markers"], IdRow, viewer=viewer))


async def delete_feed_marker(database: Database, viewer: int, feed_id: int) -> None:
    await database.fetch(_STATEMENTS["delete_feed_marker"], IdRow, viewer=viewer, feed_id=feed_id)
