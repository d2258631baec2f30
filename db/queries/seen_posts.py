"""Which posts people have seen."""

from asyncio import Future
from collections.abc import Iterable
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, array
from db.statements import load

MOST_REMEMBERED = 10_000
"""Of each person, the posts that were seen last for the first time."""


class MarkRow(NamedTuple):
    latest: int


class SeenRow(NamedTuple):
    """A post that was noted; `is_new`: it had not been before."""

    id: int
    is_new: bool


_STATEMENTS = load("seen_posts")


def seen_posts_by_ids(database: Database, viewer: int, ids: Iterable[int]) -> Future[list[IdRow]]:
    return database.fetch(_STATEMENTS["seen_posts_by_ids"], IdRow, viewer=viewer, ids=array(ids))


async def latest_mark(database: Database, viewer: int) -> int:
    """The number of the viewer's latest mark, by which what is noted later differs."""
    found = await database.fetch_one(_STATEMENTS["latest_mark"], MarkRow, viewer=viewer)
    return 0 if found is None else found.latest


async def mark_seen(
    database: Database, viewer: int, ids: Iterable[int], *, kept: int = MOST_REMEMBERED
) -> list[SeenRow]:
    """Note those of these posts that the viewer may see, in no order. When each was seen first stays."""
    return await database.fetch(_STATEMENTS["mark_seen"], SeenRow, viewer=viewer, ids=array(ids), kept=kept)
