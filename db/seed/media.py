"""The files of the demo people: avatars, pictures, videos and songs, answered by the API with placeholders.

Sizes are shares of what each person has stored in all, so that the totals are exact to the byte.
"""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import NamedTuple

from db.documents.media_urls import MediaCopy, MediaUrls
from db.enums import MediaType, PostType
from db.seed.people import CAST, EVERYBODY, Person
from db.seed.tables import MediaRow
from db.seed.texts.script import PostText
from db.seed.timeline import Timeline

MIB = 1024 * 1024

# Two people near 45 of their 50, ten between 10 and 20, eight below 5: in MiB and in MB alike.
STORED_MIB: dict[str, float] = {
    "ada": 44.0,
    "cleo": 44.4,
    "mira": 18.9,
    "ben": 18.4,
    "sam": 17.6,
    "dan": 16.9,
    "yuki": 15.1,
    "tomas": 14.2,
    "ines": 13.3,
    "nils": 12.5,
    "freya": 11.2,
    "jonas": 10.6,
    "marco": 4.7,
    "priya": 4.4,
    "viktor": 3.9,
    "oskar": 3.1,
    "leila": 2.4,
    "hana": 1.1,
    "piotr": 0.2,
    "lou": 0.0,
}


class Kind(NamedTuple):
    """What a file of this kind is: its placeholder, its weight among a person's files, its dimensions or seconds."""

    placeholder: str
    type: MediaType
    mime: str
    extension: str
    weight: tuple[float, float]
    shapes: tuple[tuple[int, int], ...]
    seconds: tuple[int, int] | None = None


_AVATAR = Kind("avatar", MediaType.IMAGE, "image/jpeg", "jpg", (0.1, 0.2), ((400, 400),))
_PHOTO = Kind("photo", MediaType.IMAGE, "image/jpeg", "jpg", (0.7, 1.6), ((1600, 1200), (1200, 1600), (1500, 1500)))
_GIF = Kind("gif", MediaType.GIF, "image/gif", "gif", (0.5, 0.9), ((640, 640),))
_CLIP = Kind("video", MediaType.VIDEO, "video/mp4", "mp4", (3.0, 5.0), ((1080, 1920), (1920, 1080)), (20, 90))
_FILM = Kind("video", MediaType.VIDEO, "video/mp4", "mp4", (7.0, 9.0), ((1920, 1080),), (900, 1900))
_COVER = Kind("cover", MediaType.IMAGE, "image/png", "png", (0.4, 0.8), ((1200, 1200),))
_TRACK = Kind("audio", MediaType.AUDIO, "audio/mpeg", "mp3", (1.5, 2.5), ((1200, 1200),), (140, 420))

_KINDS: dict[PostType, tuple[Kind, Kind]] = {
    PostType.IMAGE: (_PHOTO, _PHOTO),
    PostType.IMAGE_GALLERY: (_PHOTO, _PHOTO),
    PostType.GIF: (_GIF, _GIF),
    PostType.VIDEO_SHORT: (_CLIP, _CLIP),
    PostType.VIDEO_LONG: (_FILM, _FILM),
    PostType.SONG: (_TRACK, _TRACK),
    PostType.ALBUM: (_COVER, _TRACK),
}


@dataclass
class Shelf:
    """All files, in the order of their ids; their sizes are set when the last one is there."""

    timeline: Timeline
    rows: list[MediaRow] = field(default_factory=list[MediaRow])
    avatars: dict[int, int] = field(default_factory=dict[int, int])
    _weights: list[float] = field(default_factory=list[float])
    _random: Random = field(default_factory=lambda: Random("vrss media"))

    def add_avatars(self) -> None:
        for person in CAST.values():
            if STORED_MIB[person.username]:
                alt = f"Portrait of {person.name}"
                row = self._add(_AVATAR, person, None, alt, 0, self.timeline.joined(person))
                self.avatars[person.id] = row.id

    def add_files(self, person: Person, post_id: int, text: PostText, at: datetime) -> MediaUrls:
        """The files of a post, as the post keeps a copy of them."""
        if not text.files:
            return MediaUrls()
        first, others = _KINDS[text.type]
        subject = text.title or text.content.split(". ")[0].rstrip(".")
        rows = [
            self._add(others if order else first, person, post_id, _alt(subject, order, text.files), order, at)
            for order in range(text.files)
        ]
        return MediaUrls(tuple(_copy(row) for row in rows))

    def weighed(self) -> list[MediaRow]:
        """The rows with their sizes: each person's add up to what STORED_MIB says."""
        totals = [0.0] * (len(EVERYBODY) + 1)
        for row, weight in zip(self.rows, self._weights, strict=True):
            totals[row.user_id] += weight
        left = {person.id: round(STORED_MIB[person.username] * MIB) for person in CAST.values()}
        sizes: dict[int, int] = {}
        last = {row.user_id: row.id for row in self.rows}
        budget = dict(left)
        for row, weight in zip(self.rows, self._weights, strict=True):
            share = int(budget[row.user_id] * weight / totals[row.user_id])
            sizes[row.id] = left[row.user_id] if last[row.user_id] == row.id else share
            left[row.user_id] -= sizes[row.id]
        return [row._replace(file_size_bytes=sizes[row.id]) for row in self.rows]

    def _add(self, kind: Kind, person: Person, post_id: int | None, alt: str, order: int, at: datetime) -> MediaRow:
        id_ = len(self.rows) + 1
        width, height = self._random.choice(kind.shapes)
        name = f"{person.username}-{id_}-{width}x{height}.svg"
        is_seen = kind.type is not MediaType.AUDIO
        row = MediaRow(
            id=id_,
            post_id=post_id,
            user_id=person.id,
            type=kind.type,
            file_url=f"/media/placeholders/{kind.placeholder}/{name}",
            object_key=f"demo/{person.username}/{id_}.{kind.extension}",
            file_size_bytes=0,
            mime_type=kind.mime,
            width=width if is_seen else None,
            height=height if is_seen else None,
            duration_seconds=float(self._random.randint(*kind.seconds)) if kind.seconds else None,
            thumbnail_url=f"/media/placeholders/poster/{name}" if kind.type is MediaType.VIDEO else None,
            alt_text=alt,
            display_order=order,
            created_at=at,
        )
        self.rows.append(row)
        self._weights.append(self._random.uniform(*kind.weight))
        return row


def _alt(subject: str, order: int, files: int) -> str:
    return subject if files == 1 else f"{subject} ({order + 1} of {files})"


def _copy(row: MediaRow) -> MediaCopy:
    return MediaCopy(
        id=row.id,
        type=row.type,
        url=row.file_url,
        width=row.width,
        height=row.height,
        duration_seconds=row.duration_seconds,
        thumbnail_url=row.thumbnail_url,
        alt_text=row.alt_text,
    )
