"""Media files and storage."""

from collections.abc import Iterable

from db.pool import Database
from db.queries import PageBounds, array
from db.rows import MediaRow, StorageRow
from db.statements import load

_STATEMENTS = load("media")


async def media_by_post_ids(database: Database, ids: Iterable[int]) -> list[MediaRow]:
    return await database.fetch(_STATEMENTS["media_by_post_ids"], MediaRow, ids=array(ids))


async def images_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> list[MediaRow]:
    statement = _STATEMENTS["images_by_user_ids"].towards(backward=page.backward)
    return await database.fetch(statement, MediaRow, viewer=viewer, ids=array(ids), **page.parameters)


async def media_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> list[MediaRow]:
    return await database.fetch(_STATEMENTS["media_by_ids"], MediaRow, viewer=viewer, ids=array(ids))


async def lock_post_of_media(database: Database, viewer: int, media_id: int) -> None:
    await database.execute(_STATEMENTS["lock_post_of_media"], viewer=viewer, media_id=media_id)


async def delete_media(database: Database, viewer: int, media_id: int) -> bool:
    return await database.execute(_STATEMENTS["delete_media"], viewer=viewer, media_id=media_id) > 0


async def storage_by_user_ids(database: Database, ids: Iterable[int]) -> list[StorageRow]:
    return await database.fetch(_STATEMENTS["storage_by_user_ids"], StorageRow, ids=array(ids))
