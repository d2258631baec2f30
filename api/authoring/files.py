"""The files of a post: whether the viewer may put them there, and whether they fit its type."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from db.documents.media_urls import MediaCopy
from db.enums import PostType
from db.errors import ConflictError, InvalidInputError, NotFoundError
from db.pool import Database
from db.queries import media as queries
from db.queries.media import MediaRow

_PICTURE, _GIF, _VIDEO, _SOUND = "image", "gif", "video", "audio"
_SHORT_VIDEO_SECONDS = 60
_LEAST_OF_ALBUM = 2


class Shape(NamedTuple):
    """How many files of which kinds a type has; `covers` of them may be pictures beside these."""

    kinds: frozenset[str]
    least: int
    most: int
    covers: int
    sentence: str


SHAPES = {
    **dict.fromkeys(
        (PostType.TEXT_SHORT, PostType.TEXT_LONG), Shape(frozenset(), 0, 0, 0, "A text post has no files.")
    ),
    PostType.IMAGE: Shape(frozenset({_PICTURE}), 1, 1, 0, "This needs one picture."),
    PostType.IMAGE_GALLERY: Shape(frozenset({_PICTURE, _GIF}), 2, 10, 0, "A gallery needs 2 to 10 pictures."),
    PostType.GIF: Shape(frozenset({_GIF}), 1, 1, 0, "This needs one animated picture."),
    PostType.VIDEO_SHORT: Shape(frozenset({_VIDEO}), 1, 1, 0, "This needs one video of up to 60 seconds."),
    PostType.VIDEO_LONG: Shape(frozenset({_VIDEO}), 1, 1, 0, "This needs one video."),
    PostType.SONG: Shape(frozenset({_SOUND}), 1, 1, 1, "A song needs one sound file, and may have one picture."),
    PostType.ALBUM: Shape(
        frozenset({_SOUND}), 1, 10, 1, "An album needs 2 to 10 files: sound files, and at most one picture."
    ),
}


def files_do_not_fit(type_: PostType, media: Sequence[MediaRow]) -> str | None:
    """A sentence if a post of this type cannot be published with these files."""
    shape = SHAPES[type_]
    own = [one for one in media if one.type in shape.kinds]
    covers = [one for one in media if one.type not in shape.kinds]
    fits = shape.least <= len(own) <= shape.most and len(covers) <= shape.covers
    fits = fits and all(one.type == _PICTURE for one in covers)
    if type_ is PostType.ALBUM:
        fits = fits and _LEAST_OF_ALBUM <= len(media) <= shape.most
    if type_ is PostType.VIDEO_SHORT:
        fits = fits and all(_is_short(one.duration_seconds) for one in own)
    return None if fits else shape.sentence


def _is_short(seconds: float | None) -> bool:
    """One of an unknown length is not: it may last for hours."""
    return seconds is not None and seconds <= _SHORT_VIDEO_SECONDS


async def own_files(database: Database, viewer: int, ids: Sequence[int], post_id: int | None = None) -> list[MediaRow]:
    """These files in their order, locked: the viewer's own, and in no other post than this one."""
    found = {row.id: row for row in await queries.lock_own_media(database, viewer, ids)} if ids else {}
    for place, one in enumerate(ids):
        field = ("media_ids", str(place))
        if one not in found:
            raise NotFoundError("There is no such file of yours.", field=field)
        if found[one].post_id not in {None, post_id}:
            raise ConflictError("This file is in another post.", field=field)
        if one in ids[:place]:
            raise InvalidInputError("This file is here twice.", field=field)
    return [found[one] for one in ids]


def copies(media: Sequence[MediaRow]) -> str:
    """posts.media_urls: what a page needs of the files, in their order."""
    return json.dumps(
        [
            MediaCopy.model_validate(
                {
                    "id": one.id,
                    "type": one.type,
                    "url": one.file_url,
                    "width": one.width,
                    "height": one.height,
                    "duration_seconds": one.duration_seconds,
                    "thumbnail_url": one.thumbnail_url,
                    "alt_text": one.alt_text,
                }
            ).model_dump(mode="json", exclude_none=True)
            for one in media
        ]
    )


def thumbnail(media: Sequence[MediaRow]) -> str | None:
    """The small picture of a post: of its first file, or the cover; a sound file has none."""
    for one in media:
        if one.thumbnail_url is not None:
            return one.thumbnail_url
        if one.type in {_PICTURE, _GIF}:
            return one.file_url
    return None
