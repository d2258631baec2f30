"""The pieces of static sections: a text, a link, a picture, or something embedded from another site."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from api.context import Info
from db.enums import SectionContentType
from db.errors import InvalidInputError, NotFoundError, RefusalError
from db.queries import sections
from db.queries.sections import PieceSizeRow

MOST_PIECES = 50
MOST_CHARACTERS = 100_000
"""In all pieces of a profile together: whoever opens the profile reads them all."""


class GivenPiece(NamedTuple):
    """A piece in its new state. With `id` it replaces that piece, without it is new."""

    id: int | None
    type: SectionContentType
    title: str | None
    content: str | None
    url: str | None
    media_id: int | None = None

    @property
    def size(self) -> int:
        return sum(len(text) for text in (self.title, self.content, self.url) if text is not None)


Contents = Mapping[int, Sequence[GivenPiece]]
"""By section: all of its pieces in their new state."""


def piece_refusals(path: tuple[str, ...], pieces: Sequence[GivenPiece], own: Collection[int]) -> Iterator[RefusalError]:
    """What is wrong with the ids of pieces; `own` are those of the section."""
    seen = set[int]()
    for place, one in enumerate(pieces):
        at = (*path, str(place), "id")
        if one.id is None:
            continue
        if one.id not in own:
            yield NotFoundError(field=at)
        elif one.id in seen:
            yield InvalidInputError("Name each piece once.", field=at)
        seen.add(one.id)


def require_room(
    stored: Sequence[PieceSizeRow], contents: Sequence[Sequence[GivenPiece]], path: tuple[str, ...]
) -> None:
    """`stored` are the pieces that stay as they are. InvalidInputError when there would be too much to read."""
    total = sum(piece.size for piece in stored) + sum(piece.size for content in contents for piece in content)
    if total > MOST_CHARACTERS:
        raise InvalidInputError(
            f"All pieces of a profile together may have at most {MOST_CHARACTERS:,} characters, not {total:,}.",
            field=path,
        )


async def write_pieces(info: Info, contents: Contents, stored: Sequence[PieceSizeRow]) -> list[int]:
    """Replace the pieces of these sections of the viewer; the ids of those that are deleted."""
    viewer, database = info.context.signed_in, info.context.database
    kept = {piece.id for content in contents.values() for piece in content}
    deleted = [piece.id for piece in stored if piece.section_id in contents and piece.id not in kept]
    if deleted:
        await sections.delete_pieces(database, viewer, deleted)
    rows = [_row(section, place, piece) for section, content in contents.items() for place, piece in enumerate(content)]
    if known := [row for row in rows if row["id"] is not None]:
        await sections.update_pieces(database, viewer, known)
    if new := [row for row in rows if row["id"] is None]:
        await sections.insert_pieces(database, viewer, new)
    return deleted


def _row(section: int, place: int, piece: GivenPiece) -> dict[str, Any]:
    return {
        "id": piece.id,
        "section_id": section,
        "content_type": piece.type.value,
        "title": piece.title,
        "content": piece.content,
        "url": piece.url,
        "media_id": piece.media_id,
        "display_order": place,
    }
