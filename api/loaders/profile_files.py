"""Backgrounds and music of profiles with the files that they are made of."""

from collections.abc import Awaitable, Sequence
from typing import NamedTuple, Protocol

from api.loaders import Loaders
from db.documents.background import BackgroundConfig, BackgroundPosition, BackgroundType
from db.documents.music import MusicConfig
from db.queries.media import MediaRow


class BackgroundRow(NamedTuple):
    """`value` is a colour or an address; it is empty where `media` is shown."""

    type: BackgroundType
    position: BackgroundPosition
    value: str
    media: MediaRow | None


class MusicRow(NamedTuple):
    """`url` and `media`: one of the two, or neither, when nothing plays."""

    autoplay: bool
    volume: int
    loop: bool
    url: str | None
    media: MediaRow | None


class _WithFile(Protocol):
    @property
    def media_id(self) -> int | None: ...


async def backgrounds(
    loaders: Loaders, documents: Awaitable[Sequence[BackgroundConfig | None]]
) -> Sequence[BackgroundRow | None]:
    """None where nothing is set, and where the file has been deleted."""
    found = await documents
    files = await _files(loaders, found)
    return [
        None
        if one is None or (one.media_id is not None and file is None)
        else BackgroundRow(one.type, one.position, one.value, file)
        for one, file in zip(found, files, strict=True)
    ]


async def music(loaders: Loaders, documents: Awaitable[Sequence[MusicConfig | None]]) -> Sequence[MusicRow | None]:
    """None where nothing is set; nothing plays where the file has been deleted."""
    found = await documents
    files = await _files(loaders, found)
    return [
        None if one is None else MusicRow(one.autoplay, one.volume, one.loop, one.url, file)
        for one, file in zip(found, files, strict=True)
    ]


async def _files(loaders: Loaders, documents: Sequence[_WithFile | None]) -> Sequence[MediaRow | None]:
    keys = [None if one is None else one.media_id for one in documents]
    return await loaders.media_by_id.column(keys) if any(keys) else [None] * len(keys)
