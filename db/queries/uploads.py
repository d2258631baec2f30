"""Uploads from their announcement to the file that they become; see docs/how-it-works/media.md."""

from asyncio import Future
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, array
from db.statements import load

MOST_UPLOADS = 200
URL_LIFETIME = timedelta(minutes=15)
LIFETIME = timedelta(minutes=30)  # who has sent all bytes in time may complete it a little later


class UploadRow(NamedTuple):
    """`state` is reserved, completing, failed, or ready once it has become the file `media_id`.

    The times are those of what has not become a file.
    """

    id: int
    user_id: int
    object_key: str
    mime_type: str
    file_size_bytes: int
    state: str
    failure: str | None
    created_at: datetime
    url_expires_at: datetime | None
    expires_at: datetime | None
    media_id: int | None


class HeldUploadRow(NamedTuple):
    """`is_reserved`: its bytes are expected. `is_abandoned`: whoever was at work on it is not any more."""

    id: int
    user_id: int
    object_key: str
    mime_type: str
    file_size_bytes: int
    attempt: int
    final_key: str | None
    is_reserved: bool
    is_abandoned: bool


class ClaimedRow(NamedTuple):
    id: int
    user_id: int


class KeyRow(NamedTuple):
    object_key: str


class NewFile(NamedTuple):
    """What a file is, beside what its upload says."""

    file_url: str
    size: int
    width: int | None
    height: int | None
    duration_seconds: float | None
    thumbnail_url: str | None = None
    thumbnails: list[int] | None = None
    placeholder: str | None = None


_STATEMENTS = load("uploads")


def uploads_by_ids(database: Database, viewer: int, ids: Iterable[int]) -> Future[list[UploadRow]]:
    return database.fetch(_STATEMENTS["uploads_by_ids"], UploadRow, viewer=viewer, ids=array(ids))


def uploads_by_user_ids(database: Database, viewer: int, ids: Iterable[int]) -> Future[list[UploadRow]]:
    return database.fetch(_STATEMENTS["uploads_by_user_ids"], UploadRow, viewer=viewer, ids=array(ids))


async def lock_storage(database: Database, user_id: int) -> bool:
    """Whether there is one to hold."""
    return bool(await database.fetch(_STATEMENTS["lock_storage_of_user"], IdRow, user_id=user_id))


async def drop_expired(database: Database, user_id: int) -> None:
    await database.execute(_STATEMENTS["drop_expired_uploads"], user_id=user_id)


async def reserve(
    database: Database, viewer: int, *, type_: str, object_key: str, mime_type: str, size: int, alt_text: str | None
) -> UploadRow | None:
    """The upload; None where it does not fit. The caller holds the viewer's storage."""
    return await database.fetch_one(
        _STATEMENTS["reserve_upload"],
        UploadRow,
        viewer=viewer,
        type=type_,
        object_key=object_key,
        mime_type=mime_type,
        size=size,
        alt_text=alt_text,
        url_lifetime=URL_LIFETIME,
        lifetime=LIFETIME,
        most=MOST_UPLOADS,
    )


async def abort(database: Database, viewer: int, upload_id: int) -> str | None:
    """The key of what was aborted; None where there is no such upload, or somebody is completing it."""
    row = await database.fetch_one(_STATEMENTS["abort_upload"], KeyRow, viewer=viewer, upload_id=upload_id)
    return None if row is None else row.object_key


async def lock(database: Database, viewer: int, upload_id: int) -> HeldUploadRow | None:
    return await database.fetch_one(_STATEMENTS["lock_upload"], HeldUploadRow, viewer=viewer, upload_id=upload_id)


async def claim(database: Database, upload_id: int, final_key: str, lease: timedelta) -> None:
    await database.execute(_STATEMENTS["claim_upload"], upload_id=upload_id, final_key=final_key, lease=lease)


async def hold_claimed(database: Database, upload_id: int, final_key: str) -> bool:
    """Whether the upload, held now, is still completed by whoever writes to this key."""
    given = {"upload_id": upload_id, "final_key": final_key}
    return await database.fetch_one(_STATEMENTS["hold_claimed_upload"], ClaimedRow, **given) is not None


async def create_media(database: Database, upload_id: int, new: NewFile) -> None:
    await database.execute(_STATEMENTS["create_media_of_upload"], upload_id=upload_id, **new._asdict())
    await database.execute(_STATEMENTS["delete_upload"], upload_id=upload_id)


async def unclaim(database: Database, upload_id: int) -> None:
    await database.execute(_STATEMENTS["unclaim_upload"], upload_id=upload_id)


async def fail(database: Database, upload_id: int, failure: str) -> None:
    await database.execute(_STATEMENTS["fail_upload"], upload_id=upload_id, failure=failure)


async def sweep(database: Database, limit: int) -> int:
    """How many uploads were deleted whose time was over."""
    return await database.execute(_STATEMENTS["sweep_uploads"], limit=limit)


async def give_up(database: Database, limit: int) -> list[str]:
    """The keys of uploads that nobody will complete."""
    return [row.object_key for row in await database.fetch(_STATEMENTS["give_up_uploads"], KeyRow, limit=limit)]


async def doom(database: Database, keys: Sequence[str], delay: timedelta = timedelta()) -> None:
    """Let objects be deleted after a while."""
    await database.execute(_STATEMENTS["doom_objects"], keys=list(keys), delay=delay)


async def due_doomed(database: Database, limit: int) -> list[str]:
    return [row.object_key for row in await database.fetch(_STATEMENTS["due_doomed_objects"], KeyRow, limit=limit)]


async def forget_doomed(database: Database, keys: Sequence[str]) -> None:
    await database.execute(_STATEMENTS["forget_doomed_objects"], keys=list(keys))


async def postpone_doomed(database: Database, keys: Sequence[str], delay: timedelta) -> None:
    await database.execute(_STATEMENTS["postpone_doomed_objects"], keys=list(keys), delay=delay)
