"""The viewer's files that their profile shows: whether they may be there.

They are locked before the row of the profile, as `deleteMedia` does, which takes them out of it.
"""

from collections.abc import Collection, Mapping, Sequence

from strawberry import UNSET

from api.context import Info
from api.gql.ids import decode
from api.gql.validation import InvalidInputsError
from api.profiles.pieces import GivenPiece
from db.enums import MediaType, SectionContentType
from db.errors import InvalidInputError, NotFoundError, RefusalError
from db.queries import media
from db.queries.media import MediaRow

Path = tuple[str, ...]
Kinds = Collection[MediaType]

PICTURES: Kinds = frozenset({MediaType.IMAGE, MediaType.GIF})
VIDEOS: Kinds = frozenset({MediaType.VIDEO})
SOUNDS: Kinds = frozenset({MediaType.AUDIO})
FILES_OF: Mapping[SectionContentType, Kinds] = {
    SectionContentType.IMAGE: PICTURES,
    SectionContentType.EMBED: VIDEOS | SOUNDS,
}
"""What kinds of files a piece of this type may show."""


async def own_file(info: Info, given: str | None, kinds: Kinds, path: Path = ("media_id",)) -> int | None:
    """The id of a file of the viewer of one of these kinds, which stays until the end of the transaction.

    None where none is given; NotFoundError where it is not the viewer's, InvalidInputError where it is of another kind.
    """
    if given is None or given is UNSET:
        return None
    key = decode(given, "Media")
    if error := _refusal(key, await _locked(info, [key]), kinds, path):
        raise error
    return key


async def require_files(info: Info, contents: Sequence[tuple[Path, Sequence[GivenPiece]]]) -> None:
    """See that the files of these pieces are the viewer's and of the right kind. `contents` has the path of each."""
    asked = [
        (piece.media_id, FILES_OF[piece.type], (*path, str(place), "media_id"))
        for path, pieces in contents
        for place, piece in enumerate(pieces)
        if piece.media_id is not None
    ]
    if asked:
        found = await _locked(info, [key for key, _, _ in asked])
        if errors := [error for key, kinds, path in asked if (error := _refusal(key, found, kinds, path))]:
            raise InvalidInputsError(errors)


async def files_that_are_there(info: Info, pieces: Sequence[GivenPiece]) -> Collection[int]:
    """Which files of these pieces the viewer still has; they stay until the end of the transaction."""
    keys = [piece.media_id for piece in pieces if piece.media_id is not None]
    return (await _locked(info, keys)).keys() if keys else ()


async def _locked(info: Info, keys: Sequence[int]) -> dict[int, MediaRow]:
    rows = await media.lock_own_media(info.context.database, info.context.signed_in, sorted(set(keys)))
    return {row.id: row for row in rows}


def _refusal(key: int, found: Mapping[int, MediaRow], kinds: Kinds, path: Path) -> RefusalError | None:
    if key not in found:
        return NotFoundError("There is no such file of yours.", field=path)
    if found[key].type not in kinds:
        allowed = ", ".join(sorted(kind.name for kind in kinds))
        return InvalidInputError(
            f"This file is of the type {MediaType(found[key].type).name}, not {allowed}.", field=path
        )
    return None
