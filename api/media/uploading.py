"""Announcing, completing and aborting an upload: what of it is decided in the database, in which order."""

import logging
from datetime import UTC, datetime, timedelta

from anyio import to_thread

from api.media.addresses import Addresses
from api.media.formats.kinds import KINDS
from api.media.processing import LEASE, SUPERSEDED, Claim
from api.media.store import FILES, INCOMING, Store, new_key
from db.errors import (
    ConflictError,
    DamagedFileError,
    FileTooLargeError,
    InvalidFileError,
    InvalidFileTypeError,
    InvalidInputError,
    NotFoundError,
    NotReadyError,
    ProcessingFailedError,
    RateLimitedError,
    StorageLimitError,
    TooManyPixelsError,
)
from db.pool import Database
from db.queries import media, storage, uploads
from db.queries.uploads import MOST_UPLOADS, UploadRow

log = logging.getLogger("vrss.media")

_MOST_ATTEMPTS = 3
_RETRY_AFTER = timedelta(minutes=10)
_BY_FAILURE: dict[str, type[InvalidFileError]] = {
    error.code: error for error in (InvalidFileTypeError, DamagedFileError, TooManyPixelsError, ProcessingFailedError)
}


def require_taken(file_name: str, mime_type: str, size: int) -> None:
    """InvalidFileError for what is not taken, whatever it holds."""
    kind = KINDS.get(mime_type)
    if kind is None:
        raise InvalidFileTypeError(allowed=tuple(KINDS), field=("mime_type",))
    ending = file_name.rpartition(".")[2].lower()
    if "." in file_name and ending not in kind.endings:
        message = f"A file of the type {mime_type} ends with .{kind.ending}."
        raise InvalidFileTypeError(message, allowed=tuple(KINDS), field=("file_name",))
    if size <= 0:
        raise InvalidInputError("A file has at least one byte.", field=("size_bytes",))
    if size > kind.max_bytes:
        message = f"A file of this type may have {kind.max_bytes:,} bytes."
        raise FileTooLargeError(message, allowed=tuple(KINDS), most=kind.max_bytes, field=("size_bytes",))


async def reserve(database: Database, viewer: int, mime_type: str, size: int, alt_text: str | None) -> UploadRow:
    """An upload whose bytes are reserved, in a transaction of the caller; StorageLimitError where they do not fit."""
    if not await uploads.lock_storage(database, viewer):
        await storage.ensure_storage(database, viewer)
        await uploads.lock_storage(database, viewer)
    await uploads.drop_expired(database, viewer)
    reserved = await uploads.reserve(
        database,
        viewer,
        type_=KINDS[mime_type].type,
        object_key=new_key(INCOMING),
        mime_type=mime_type,
        size=size,
        alt_text=alt_text,
    )
    if reserved is not None:
        return reserved
    (now,) = await media.storage_by_user_ids(database, viewer, [viewer])
    if now.used_bytes + now.reserved_bytes + size <= now.quota_bytes:
        message = f"You have begun {MOST_UPLOADS} uploads: complete or abort some of them."
        raise RateLimitedError(message, retry_after=60)
    raise StorageLimitError(
        used=now.used_bytes,
        reserved=now.reserved_bytes,
        quota=now.quota_bytes,
        needed=size,
        field=("size_bytes",),
    )


async def claim(database: Database, viewer: int, upload_id: int) -> Claim | None:
    """The upload for the caller to complete, in a transaction of theirs; None where it is not theirs to complete."""
    held = await uploads.lock(database, viewer, upload_id)
    if held is None or not (held.is_reserved or held.is_abandoned):
        return None
    if held.final_key is not None:
        await uploads.doom(database, [held.final_key], SUPERSEDED)
    if held.is_abandoned and held.attempt >= _MOST_ATTEMPTS:
        await uploads.fail(database, upload_id, ProcessingFailedError.code)
        return None
    final_key = new_key(FILES)
    await uploads.claim(database, upload_id, final_key, LEASE)
    return Claim(upload_id, viewer, held.object_key, held.mime_type, held.file_size_bytes, final_key)


def require_not_failed(upload: UploadRow) -> None:
    if upload.failure is not None:
        kind = _BY_FAILURE.get(upload.failure, ProcessingFailedError)
        raise kind(allowed=tuple(KINDS), field=("upload_id",))


def is_over(upload: UploadRow) -> bool:
    """Whether its bytes are not awaited any more."""
    return upload.expires_at is not None and upload.expires_at <= datetime.now(UTC)


async def require_store(addresses: Addresses) -> None:
    """NotReadyError where no file can be stored, so that nobody reserves bytes in vain."""
    try:
        await to_thread.run_sync(addresses.load)
    except OSError as error:
        log.error("files cannot be stored: %s", error)  # noqa: TRY400  # it says all there is
        raise NotReadyError from error


async def void(store: Store, key: str) -> None:
    """Let an address take no bytes any more. If that fails, a job deletes whatever it took."""
    try:
        await to_thread.run_sync(store.plug, key)
    except OSError as error:
        log.error("an address could not be voided: %s", error.strerror)  # noqa: TRY400  # it says all there is


async def abort(database: Database, viewer: int, upload_id: int) -> str:
    """The key that its bytes were to have, in a transaction of the caller."""
    key = await uploads.abort(database, viewer, upload_id)
    if key is not None:
        return key
    found = await uploads.uploads_by_ids(database, viewer, [upload_id])
    if not found:
        raise NotFoundError(field=("upload_id",))
    message = "It is a file already: `deleteMedia` deletes it." if found[0].media_id else "It is being completed."
    raise ConflictError(message, field=("upload_id",))


async def sweep(database: Database, limit: int = 500) -> int:
    """Let go of uploads whose time is over, in small transactions; how many."""
    done = 0
    while True:
        async with database.transaction():
            lost = await uploads.give_up(database, limit)
            await uploads.doom(database, lost, SUPERSEDED)
        swept = await uploads.sweep(database, limit)
        done += swept
        if max(swept, len(lost)) < limit:
            return done


async def delete_doomed(database: Database, store: Store, limit: int = 200) -> int:
    """Delete objects that nobody needs any more, and how many: each object first, so that a crash repeats it."""
    done = 0
    while keys := await uploads.due_doomed(database, limit):
        await database.release()
        deleted, kept = list[str](), list[str]()
        for key in keys:
            try:
                await to_thread.run_sync(store.delete, key)
            except OSError as error:
                log.error("an object could not be deleted: %s", error.strerror)  # noqa: TRY400  # it says all there is
                kept.append(key)
            else:
                deleted.append(key)
        await uploads.forget_doomed(database, deleted)
        await uploads.postpone_doomed(database, kept, _RETRY_AFTER)
        done += len(deleted)
    return done
