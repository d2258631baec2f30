"""Feeds by their names, and names that no feed has."""

from asyncio import Future
from collections.abc import Sequence
from typing import NamedTuple

from db.pool import Database
from db.statements import load


class FeedNameRow(NamedTuple):
    name: str


class NamedFeedRow(NamedTuple):
    place: int
    id: int


_STATEMENTS = load("feed_names")


def feeds_by_names(
    database: Database, viewer: int | None, named: Sequence[tuple[str, str]]
) -> Future[list[NamedFeedRow]]:
    """The feeds of these owners, whose names are folded, and of these names."""
    owners, names = [owner for owner, _ in named], [name for _, name in named]
    return database.fetch(_STATEMENTS["feeds_by_names"], NamedFeedRow, viewer=viewer, owners=owners, names=names)


async def free_feed_name(database: Database, viewer: int, names: Sequence[str]) -> str | None:
    """The first of these names that none of the viewer's feeds has, as the unique index compares them."""
    found = await database.fetch_one(_STATEMENTS["free_feed_name"], FeedNameRow, viewer=viewer, names=list(names))
    return found and found.name
