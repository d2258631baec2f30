"""Writing the sections of a profile, and what stands in them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from db.pool import Database
from db.queries import IdRow, array
from db.queries.profiles import SectionRow
from db.statements import load


class PieceSizeRow(NamedTuple):
    """A piece of a section; `size` is the number of characters in all its texts."""

    id: int
    section_id: int
    size: int


class SourceRow(NamedTuple):
    """A feed or a list that a section can show."""

    kind: str
    id: int


class PlacedRow(NamedTuple):
    id: int
    display_order: int


_STATEMENTS = load("sections")


async def own_sections(database: Database, viewer: int) -> list[SectionRow]:
    return await database.fetch(_STATEMENTS["own_sections"], SectionRow, viewer=viewer)


async def own_pieces(database: Database, viewer: int) -> list[PieceSizeRow]:
    return await database.fetch(_STATEMENTS["own_pieces"], PieceSizeRow, viewer=viewer)


async def own_sources(
    database: Database, viewer: int, feed_ids: Iterable[int], list_ids: Iterable[int]
) -> list[SourceRow]:
    """Which of these feeds and lists are the viewer's."""
    given = {"feed_ids": array(feed_ids), "list_ids": array(list_ids)}
    return await database.fetch(_STATEMENTS["own_sources"], SourceRow, viewer=viewer, **given)


async def delete_sections(database: Database, viewer: int, ids: Iterable[int]) -> None:
    await database.execute(_STATEMENTS["delete_sections"], viewer=viewer, ids=array(ids))


async def update_sections(database: Database, viewer: int, rows: Sequence[Mapping[str, Any]]) -> int:
    """How many of them were something else before."""
    return await database.execute(_STATEMENTS["update_sections"], viewer=viewer, sections=json.dumps(rows))


async def insert_sections(database: Database, viewer: int, rows: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """The ids of the new sections by their places."""
    created = await database.fetch(_STATEMENTS["insert_sections"], PlacedRow, viewer=viewer, sections=json.dumps(rows))
    return {row.display_order: row.id for row in created}


async def delete_pieces(database: Database, viewer: int, ids: Iterable[int]) -> None:
    await database.execute(_STATEMENTS["delete_pieces"], viewer=viewer, ids=array(ids))


async def update_pieces(database: Database, viewer: int, rows: Sequence[Mapping[str, Any]]) -> int:
    """How many of them were something else before."""
    return await database.execute(_STATEMENTS["update_pieces"], viewer=viewer, pieces=json.dumps(rows))


async def insert_pieces(database: Database, viewer: int, rows: Sequence[Mapping[str, Any]]) -> None:
    await database.fetch(_STATEMENTS["insert_pieces"], IdRow, viewer=viewer, pieces=json.dumps(rows))
