"""Media files and storage."""

from asyncio import Future
from collections.abc import Iterable

from db.pool import Database
from db.queries import PageBounds, array
from db.rows import MediaRow, StorageRow
from db.statements import load

_STATEMENTS = load("media")


def media_by_post_ids(database: Database, ids: Iterable[int]) -> Future[list[MediaRow]]:
    return database.fetch(_STATEMENTS["media_by_post_ids"], MediaRow, ids=array(ids))


def images_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[MediaRow]]:
    statement = _STATEMENTS["images_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, MediaRow, viewer=viewer, ids=array(ids), **page.parameters)


def media_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[MediaRow]]:
    return database.fetch(_STATEMENTS["media_by_ids"], MediaRow, viewer=viewer, ids=array(ids))


async def lock_post_of_media(database: Database, viewer: int, media_id: int) -> None:
    await database.execute(_STATEMENTS["lock_post_of_media"], viewer=viewer, media_id=media_id)


async def delete_media(database: Database, viewer: int, media_id: int) -> bool:
    return await database.execute(_STATEMENTS["delete_media"], viewer=viewer, media_id=media_id) > 0


def storage_by_user_ids(database: Database, ids: Iterable[int]) -> Future[list[StorageRow]]:
    return database.fetch(_STATEMENTS["storage_by_user_ids"], StorageRow, ids=array(ids))
