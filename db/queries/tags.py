"""Tags, and how many posts they have."""

from asyncio import Future
from collections.abc import Sequence
from typing import NamedTuple

from db.pool import Database
from db.statements import load


class TagRow(NamedTuple):
    """A tag, whether or not a post has it; it is no row of a table."""

    name: str


class TagCountRow(NamedTuple):
    tag: str
    posts_count: int


_STATEMENTS = load("tags")

_LAST = chr(0x10FFFF)
"""No tag has it, and every other character sorts before it."""


def tag_counts(database: Database, tags: Sequence[str]) -> Future[list[TagCountRow]]:
    return database.fetch(_STATEMENTS["tag_counts"], TagCountRow, tags=list(tags))


def tags_in_use(database: Database, tags: Sequence[str]) -> Future[list[TagRow]]:
    return database.fetch(_STATEMENTS["tags_in_use"], TagRow, tags=list(tags))


def tags_by_beginning(database: Database, beginning: str, most: int) -> Future[list[TagRow]]:
    given = {"beginning": beginning, "last": _LAST, "limit": most}
    return database.fetch(_STATEMENTS["tags_by_beginning"], TagRow, **given)
