"""What the rows of files and uploads say of the objects in the store; see api/media/reconciling.py."""

from asyncio import Future
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow
from db.queries.uploads import KeyRow
from db.statements import load

_STATEMENTS = load("objects")


class MediaObjectRow(NamedTuple):
    id: int
    object_key: str
    file_url: str
    file_size_bytes: int
    thumbnails: list[int] | None


class OverdueRow(NamedTuple):
    id: int
    expires_at: datetime


FIRST_OVERDUE = OverdueRow(0, datetime.min.replace(tzinfo=UTC))


async def unknown_keys(database: Database, keys: Sequence[str]) -> list[str]:
    found = await database.fetch(_STATEMENTS["unknown_object_keys"], KeyRow, keys=list(keys))
    return [row.object_key for row in found]


async def last_media_id(database: Database) -> int:
    row = await database.fetch_one(_STATEMENTS["last_media_id"], IdRow)
    return 0 if row is None else row.id


def media_objects_after(database: Database, after: int, limit: int) -> Future[list[MediaObjectRow]]:
    return database.fetch(_STATEMENTS["media_objects_after"], MediaObjectRow, after=after, limit=limit)


async def resize(database: Database, media_id: int, charged: int, size: int) -> bool:
    """Whether the file was charged for so many bytes still, and is charged for these now."""
    given = {"media_id": media_id, "charged": charged, "size": size}
    return await database.execute(_STATEMENTS["resize_media"], **given) > 0


def overdue_uploads_after(database: Database, overdue: OverdueRow, limit: int) -> Future[list[OverdueRow]]:
    given = {"after_time": overdue.expires_at, "after_id": overdue.id, "limit": limit}
    return database.fetch(_STATEMENTS["overdue_uploads_after"], OverdueRow, **given)
