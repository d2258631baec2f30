"""Media files and storage."""

from asyncio import Future
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, PageBounds, array
from db.statements import load


class MediaRow(NamedTuple):
    id: int
    post_id: int | None
    user_id: int
    type: str
    file_url: str
    file_size_bytes: int
    mime_type: str
    width: int | None
    height: int | None
    duration_seconds: float | None
    thumbnail_url: str | None
    thumbnails: list[int] | None
    placeholder: str | None
    alt_text: str | None
    created_at: datetime
    owner_id: int | None = None
    is_stop: bool = False


class StorageRow(NamedTuple):
    user_id: int
    used_bytes: int
    quota_bytes: int
    images_bytes: int
    videos_bytes: int
    audio_bytes: int
    other_bytes: int
    reserved_bytes: int


_STATEMENTS = load("media")


def media_by_post_ids(database: Database, ids: Iterable[int]) -> Future[list[MediaRow]]:
    return database.fetch(_STATEMENTS["media_by_post_ids"], MediaRow, ids=array(ids))


def images_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[MediaRow]]:
    statement = _STATEMENTS["images_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, MediaRow, viewer=viewer, ids=array(ids), **page.parameters)


def media_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds, only: Mapping[str, str | bool | None]
) -> Future[list[MediaRow]]:
    """`only` has the `type` that is asked for, if any, and whether nothing may use them (`unattached`)."""
    statement = _STATEMENTS["media_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, MediaRow, viewer=viewer, ids=array(ids), **only, **page.parameters)


def media_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[MediaRow]]:
    return database.fetch(_STATEMENTS["media_by_ids"], MediaRow, viewer=viewer, ids=array(ids))


async def lock_own_media(database: Database, viewer: int, ids: Iterable[int]) -> list[MediaRow]:
    return await database.fetch(_STATEMENTS["lock_own_media"], MediaRow, viewer=viewer, ids=array(ids))


async def lock_post_of_media(database: Database, viewer: int, media_id: int) -> IdRow | None:
    return await database.fetch_one(_STATEMENTS["lock_post_of_media"], IdRow, viewer=viewer, media_id=media_id)


async def copy_media(database: Database, viewer: int, post_id: int, media_urls: str, thumbnail_url: str | None) -> None:
    """Write what a post, which is locked, keeps of its files."""
    given = {"media_urls": media_urls, "thumbnail_url": thumbnail_url}
    await database.execute(_STATEMENTS["copy_media"], viewer=viewer, post_id=post_id, **given)


async def describe_media(database: Database, viewer: int, media_id: int, alt_text: str | None) -> bool:
    """Whether there is such a file of the viewer, which shows this now."""
    given = {"viewer": viewer, "media_id": media_id, "alt_text": alt_text}
    return await database.execute(_STATEMENTS["describe_media"], **given) > 0


async def delete_media(database: Database, viewer: int, media_id: int) -> bool:
    return await database.execute(_STATEMENTS["delete_media"], viewer=viewer, media_id=media_id) > 0


def storage_by_user_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[StorageRow]]:
    return database.fetch(_STATEMENTS["storage_by_user_ids"], StorageRow, viewer=viewer, ids=array(ids))
