"""Compare the store with the rows, in both directions and beside the writers: batch by batch, with nothing kept.

Verifying takes no lock. What is on its way has a row before it has an object (docs/how-it-works/media.md), so an object
that is older than YOUNG and that no row knows was left by something else: a restored backup, a removed row.

Repairing deletes no row of a file and no object at once: an object that nobody knows is doomed, and the job that
deletes it waits for REGRET; a file whose object is missing is named, since only a backup has its bytes.
"""

import time
from collections.abc import AsyncGenerator, Iterator
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from anyio import to_thread

from api.media import uploading
from api.media.store import FILES, INCOMING, Store
from api.media.thumbnails import name_of
from db.maintenance import counters
from db.maintenance.counters import Progress
from db.pool import Database
from db.queries import objects, uploads
from db.queries.objects import FIRST_OVERDUE, MediaObjectRow

BATCH = 1_000
YOUNG = timedelta(days=1)
REGRET = timedelta(days=1)
_FOLDERS = 256  # of which each folder of the store has so many, by the first two digits of a key


class Finding(NamedTuple):
    """One thing that differs: what it is, in which way, and whether a repair heals it."""

    what: str
    words: str
    can_heal: bool = True


async def verify(
    database: Database, store: Store, progress: Progress, *, batch: int = BATCH
) -> AsyncGenerator[Finding]:
    """All that differs: objects, files, uploads, and the storage of people."""
    async for found in _walked(database, store, progress, batch, heals=False):
        yield found
    async for drift in counters.verify(database, progress, kinds=counters.STORAGE):
        yield Finding(f"{drift.table} {drift.id} {drift.column}", f"stored {drift.stored}, counted {drift.counted}")


async def repair(
    database: Database, store: Store, progress: Progress, *, batch: int = BATCH
) -> AsyncGenerator[Finding]:
    """As `verify`, and heal what can be healed. Raises OverloadedError; what was healed before stays healed."""
    async for found in _walked(database, store, progress, batch, heals=True):
        yield found
    async for drift in counters.repair(database, progress, kinds=counters.STORAGE):
        yield Finding(f"{drift.table} {drift.id} {drift.column}", f"was {drift.stored}, is {drift.counted}")


async def _walked(
    database: Database, store: Store, progress: Progress, batch: int, *, heals: bool
) -> AsyncGenerator[Finding]:
    for folder in (INCOMING, FILES):
        async for found in _objects(database, store, progress, folder, batch, heals=heals):
            yield found
    async for found in _files(database, store, progress, batch, heals=heals):
        yield found
    async for found in _uploads(database, progress, batch, heals=heals):
        yield found


async def _objects(
    database: Database, store: Store, progress: Progress, folder: str, batch: int, *, heals: bool
) -> AsyncGenerator[Finding]:
    """Objects that no row knows."""
    progress.begin(f"objects in {folder}/", _FOLDERS)
    before, walk, done = time.time() - YOUNG.total_seconds(), store.objects(folder), 0
    while block := await to_thread.run_sync(_next, walk, batch):
        old = [key for key, changed in block if changed < before]
        unknown = await objects.unknown_keys(database, old) if old else []
        unknown = await to_thread.run_sync(_there, store, unknown)  # a job may have deleted some, and then their rows
        if heals and unknown:
            await uploads.doom(database, unknown, REGRET)
        for key in unknown:
            yield Finding(f"object {key}", "no row knows it" + (", to be deleted in a day" if heals else ""))
        reached = int(block[-1][0].split("/")[1], 16)
        progress.advance(reached - done)
        done = reached


def _there(store: Store, keys: list[str]) -> list[str]:
    return [key for key in keys if store.path(key).exists()]


def _next(walk: Iterator[tuple[str, float]], batch: int) -> list[tuple[str, float]]:
    return list(islice(walk, batch))


async def _files(
    database: Database, store: Store, progress: Progress, batch: int, *, heals: bool
) -> AsyncGenerator[Finding]:
    """Files whose object is missing, or has other bytes than were charged."""
    progress.begin("post_media", await objects.last_media_id(database))
    after = 0
    while rows := await objects.media_objects_after(database, after, batch):
        # Those of demo people are drawn by the API and have no object.
        stored = [row for row in rows if row.object_key.startswith(f"{FILES}/")]
        for row, size, missing in await to_thread.run_sync(_measured, store, stored):
            # Whoever deletes a file deletes its row before its object.
            if missing and await _is_there(database, row):
                yield Finding(
                    f"post_media {row.id}", f"{', '.join(missing)} missing in {row.object_key}", can_heal=False
                )
            if size and size != row.file_size_bytes:
                if not heals:
                    yield Finding(
                        f"post_media {row.id} file_size_bytes", f"stored {row.file_size_bytes}, counted {size}"
                    )
                elif await objects.resize(database, row.id, row.file_size_bytes, size):
                    yield Finding(f"post_media {row.id} file_size_bytes", f"was {row.file_size_bytes}, is {size}")
        progress.advance(rows[-1].id - after)
        after = rows[-1].id


async def _is_there(database: Database, row: MediaObjectRow) -> bool:
    return [one.id for one in await objects.media_objects_after(database, row.id - 1, 1)] == [row.id]


def _measured(store: Store, rows: list[MediaObjectRow]) -> list[tuple[MediaObjectRow, int | None, list[str]]]:
    """Those of these files with which something is wrong: their bytes, and the names of what is missing."""
    found = list[tuple[MediaObjectRow, int | None, list[str]]]()
    for row in rows:
        name = row.file_url.rpartition("/")[2]
        size = store.size_of(row.object_key, name)
        beside = [name_of(one) for one in row.thumbnails or [] if not store.size_of(row.object_key, name_of(one))]
        missing = [*([] if size else [name]), *beside]
        if missing or size != row.file_size_bytes:
            found.append((row, size, missing))
    return found


async def _uploads(database: Database, progress: Progress, batch: int, *, heals: bool) -> AsyncGenerator[Finding]:
    """Reservations that the sweeper has left behind."""
    progress.begin("app.pending_uploads", 1)
    last, is_any = FIRST_OVERDUE, False
    while rows := await objects.overdue_uploads_after(database, last, batch):
        for row in rows:
            ended = f"over since {row.expires_at:%Y-%m-%d %H:%M}"
            yield Finding(f"pending_uploads {row.id}", ended + (", deleted" if heals else ""))
        last, is_any = rows[-1], True
    if heals and is_any:
        await uploading.sweep(database)
