"""Replacing the sections of a profile, all at once.

Whoever calls these holds the row of the viewer's profile locked, so that of several changes each sees the one before.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from api.context import Info
from api.gql.validation import InvalidInputsError
from api.profiles.pieces import GivenPiece, piece_refusals, require_room, write_pieces
from db.documents.section_config import FeedSection, ListSection, SectionConfig
from db.enums import SectionType
from db.errors import InvalidInputError, NotFoundError, RefusalError
from db.queries import sections
from db.queries.feeds import following_feed_id
from db.queries.profiles import SectionRow
from db.queries.sections import PieceSizeRow

MOST_SECTIONS = 30
STATIC = frozenset({SectionType.LINKS, SectionType.STATIC_TEXT, SectionType.STATIC_IMAGE, SectionType.VIDEO})


class GivenSection(NamedTuple):
    """A section in its new state. With `id` it changes that one, which keeps what is None here; without it is new.

    `keeps_description`: None does not remove the description.
    """

    id: int | None
    title: str | None
    description: str | None
    keeps_description: bool
    is_visible: bool | None
    type: SectionType | None
    config: SectionConfig | None
    content: Sequence[GivenPiece] | None


async def replace_sections(info: Info, given: Sequence[GivenSection], *, looks_up_sources: bool = True) -> list[int]:
    """Let these be the sections of the viewer's profile, in this order; the ids of those that are deleted.

    Without `looks_up_sources` a feed or list may be gone: the section was there before it was deleted.
    """
    viewer, database = info.context.signed_in, info.context.database
    stored = {row.id: row for row in await sections.own_sections(database, viewer)}
    pieces = await sections.own_pieces(database, viewer)
    errors = list(refusals(given, stored, pieces))
    if looks_up_sources:
        errors += await foreign_sources(info, given)
    if errors:
        raise InvalidInputsError(errors)
    require_room_for(given, pieces)
    kept = {one.id for one in given}
    deleted = [id_ for id_ in stored if id_ not in kept]
    if deleted:
        await sections.delete_sections(database, viewer, deleted)
    ids = await _write(info, given, stored)
    contents = {id_: one.content for id_, one in zip(ids, given, strict=True) if one.content is not None}
    if contents:
        await write_pieces(info, contents, pieces)
    return deleted


def require_room_for(given: Sequence[GivenSection], pieces: Sequence[PieceSizeRow]) -> None:
    """InvalidInputError when there would be too much to read; `pieces` are those that there are now."""
    staying = {one.id for one in given if one.content is None}
    contents = [one.content for one in given if one.content is not None]
    require_room([piece for piece in pieces if piece.section_id in staying], contents, ("sections",))


async def replace_content(info: Info, section_id: int, content: Sequence[GivenPiece]) -> list[int]:
    """Let these be the pieces of a static section of the viewer, in this order; the ids of those that are deleted."""
    viewer, database = info.context.signed_in, info.context.database
    section = next((row for row in await sections.own_sections(database, viewer) if row.id == section_id), None)
    if section is None:
        raise NotFoundError(field=("section_id",))
    if section.type not in STATIC:
        raise InvalidInputError(without_pieces(section.type), field=("section_id",))
    pieces = await sections.own_pieces(database, viewer)
    own = {piece.id for piece in pieces if piece.section_id == section_id}
    if errors := list(piece_refusals(("content",), content, own)):
        raise InvalidInputsError(errors)
    require_room([piece for piece in pieces if piece.id not in own], [content], ("content",))
    return await write_pieces(info, {section_id: content}, pieces)


def refusals(
    given: Sequence[GivenSection], stored: Mapping[int, SectionRow], pieces: Sequence[PieceSizeRow]
) -> Iterator[RefusalError]:
    seen = set[int]()
    for place, one in enumerate(given):
        path = ("sections", str(place))
        before = None if one.id is None else stored.get(one.id)
        if one.id is not None:
            if before is None:
                yield NotFoundError(field=(*path, "id"))
                continue
            if one.id in seen:
                yield InvalidInputError("Name each section once.", field=(*path, "id"))
            if one.type is not None and one.type != before.type:
                yield InvalidInputError(
                    f"This section is of the type {_name(before.type)}, which cannot change: leave its `id` out to "
                    "make another one.",
                    field=(*path, "config", one.type),
                )
            seen.add(one.id)
        else:
            if one.title is None:
                yield InvalidInputError("A new section has a title.", field=(*path, "title"))
            if one.config is None:
                yield InvalidInputError("A new section says what it shows.", field=(*path, "config"))
        kind = one.type if before is None else before.type
        if one.content is None or kind is None:
            continue
        if kind not in STATIC:
            yield InvalidInputError(without_pieces(kind), field=(*path, "content"))
        own = {piece.id for piece in pieces if piece.section_id == one.id}
        yield from piece_refusals((*path, "content"), one.content, own)


def _name(kind: str) -> str:
    return SectionType(kind).name


def without_pieces(kind: str) -> str:
    return f"A section of the type {_name(kind)} holds no pieces. Allowed: {', '.join(sorted(map(_name, STATIC)))}."


async def foreign_sources(info: Info, given: Sequence[GivenSection]) -> list[RefusalError]:
    """The feeds and lists that are not the viewer's."""
    viewer, database = info.context.signed_in, info.context.database
    asked: list[tuple[tuple[str, ...], str, int]] = []
    for place, one in enumerate(given):
        match one.config:
            case FeedSection(feed_id=key):
                asked.append((("sections", str(place), "config", "feed", "feed_id"), "feed", key))
            case ListSection(list_id=key):
                asked.append((("sections", str(place), "config", "list", "list_id"), "list", key))
            case _:
                pass
    if not asked:
        return []
    feeds, lists = ([key for _, kind, key in asked if kind == wanted] for wanted in ("feed", "list"))
    own = {(row.kind, row.id) for row in await sections.own_sources(database, viewer, feeds, lists)}
    return [
        InvalidInputError("A section cannot show the Following feed, which is different for everybody.", field=path)
        if kind == "feed" and key == following_feed_id(viewer)
        else NotFoundError(field=path)
        for path, kind, key in asked
        if (kind, key) not in own
    ]


async def _write(info: Info, given: Sequence[GivenSection], stored: Mapping[int, SectionRow]) -> list[int]:
    """The ids of the sections, in their order."""
    viewer, database = info.context.signed_in, info.context.database
    rows = [_row(place, one, None if one.id is None else stored[one.id]) for place, one in enumerate(given)]
    if known := [row for row in rows if row["id"] is not None]:
        await sections.update_sections(database, viewer, known)
    created: dict[int, int] = {}
    if new := [row for row in rows if row["id"] is None]:
        created = await sections.insert_sections(database, viewer, new)
    return [created[place] if one.id is None else one.id for place, one in enumerate(given)]


def _row(place: int, one: GivenSection, before: SectionRow | None) -> dict[str, Any]:
    keeps_description = before is not None and one.keeps_description
    return {
        "id": one.id,
        "type": one.type if before is None else before.type,
        "title": before.title if before is not None and one.title is None else one.title,
        "description": before.description if before is not None and keeps_description else one.description,
        "config": before.config if before is not None and one.config is None else stored_config(one.config),
        "display_order": place,
        "is_visible": _is_visible(one, before),
    }


def _is_visible(one: GivenSection, before: SectionRow | None) -> bool:
    if one.is_visible is not None:
        return one.is_visible
    return before is None or before.is_visible


def stored_config(config: SectionConfig | None) -> dict[str, Any]:
    return {} if config is None else config.model_dump(mode="json")
