"""The proof of the quota: whatever happens to uploads and to whoever completes them, no byte is over or lost."""

import asyncio
import os
import random
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from api.media import uploading
from api.media.processing import Claim, Processing
from api.media.store import Store
from db.errors import ConflictError, NotFoundError, OverloadedError, RateLimitedError, StorageLimitError
from db.pool import Database, Pool
from db.queries import media
from db.queries.uploads import UploadRow
from db.settings import DatabaseSettings
from tests.factories import Factory
from tests.media.samples import chunk, png

PROOF = bool(os.environ.get("VRSS_PROOF"))
ROUNDS, UPLOADS, CLIENTS = (12, 200, 12) if PROOF else (2, 50, 8)

FILES = (png(), png(30, 20), png(4, 3, chunk(b"tEXt", b"x" * 500)), b"no picture", png()[:-5])

STATE = """
SELECT s.used_bytes, s.quota_bytes,
  (SELECT coalesce(sum(m.file_size_bytes), 0) FROM public.post_media AS m WHERE m.user_id = s.user_id)::bigint,
  (SELECT coalesce(sum(p.file_size_bytes), 0) FROM app.pending_uploads AS p
   WHERE p.user_id = s.user_id AND p.state <> 'failed')::bigint
FROM public.storage_usage AS s WHERE s.user_id = %s
"""

EXPIRE: LiteralString = (
    "UPDATE app.pending_uploads SET created_at = now() - interval '2 h', expires_at = now() - interval '1 h'"
)

OUTLIVE: LiteralString = "UPDATE app.pending_uploads SET lease_until = now() - interval '1 s'"


@pytest.fixture
async def pool(empty_database: str) -> AsyncGenerator[Pool]:
    opened = Pool(empty_database, DatabaseSettings(pool_max_size=CLIENTS + 4, pool_timeout_seconds=60))
    await opened.open()
    yield opened
    await opened.close()


class Round:
    """One account, and everybody who does something to its uploads."""

    def __init__(self, pool: Pool, store: Store, viewer: int, seed: int) -> None:
        self.pool = pool
        self.store = store
        self.viewer = viewer
        self.luck = random.Random(seed)
        self.left = UPLOADS
        self.over = 0
        self.seen = set[str]()

    async def client(self, connection: psycopg.AsyncConnection) -> None:
        """Announces, sends, aborts, deletes, and lets time pass."""
        while self.left > 0:
            self.left -= 1
            data = self.luck.choice(FILES)
            async with self.pool.operation() as database:
                upload = await self.announce(database, len(data))
                if upload is None or self.luck.random() < 0.1:  # the latter is never sent
                    continue
                if self.luck.random() < 0.1:
                    await self.abort(database, upload)
                    continue
            await asyncio.to_thread(self.send, upload, data)
            if self.luck.random() < 0.1:  # it stands still for longer than it has
                await connection.execute(EXPIRE + " WHERE id = %s", [upload.id])
            await self.complete(upload, connection)
            if self.luck.random() < 0.3:
                await self.delete(upload)

    async def announce(self, database: Database, size: int) -> UploadRow | None:
        try:
            async with database.transaction():
                return await uploading.reserve(database, self.viewer, "image/png", size, None)
        except (StorageLimitError, RateLimitedError) as refused:
            self.seen.add(refused.code)
            return None

    async def abort(self, database: Database, upload: UploadRow) -> None:
        try:
            async with database.transaction():
                key = await uploading.abort(database, self.viewer, upload.id)
        except (NotFoundError, ConflictError):
            return
        await uploading.void(self.store, key)

    def send(self, upload: UploadRow, data: bytes) -> None:
        incoming = self.store.incoming(upload.object_key, len(data))
        incoming.open()
        try:
            incoming.write(data)
            incoming.finish()
        finally:
            incoming.close()

    async def complete(self, upload: UploadRow, connection: psycopg.AsyncConnection) -> None:
        """By processes of which some end in between, and some go on though their lease, or their time, is over."""
        begun = list[Processing]()
        async with AsyncExitStack() as processes:
            for _ in range(self.luck.randint(1, 3)):
                database = await processes.enter_async_context(self.pool.operation())
                process = Processing(self.pool, self.store)
                await processes.enter_async_context(process.opened())
                try:
                    await process.start(self.luck.getrandbits(40), partial(self.claim, database, upload.id))
                except OverloadedError:
                    continue
                await database.release()
                if self.luck.random() < 0.4:
                    await connection.execute(OUTLIVE + " WHERE id = %s AND state = 'completing'", [upload.id])
                if self.luck.random() < 0.3:
                    await connection.execute(EXPIRE + " WHERE id = %s AND state = 'completing'", [upload.id])
                await process.wait(upload.id, self.luck.choice((0, 0, 0.05, 0.1)))
                begun.append(process)
            patience = self.luck.choice((0, 0.1, 30, 30))
            await asyncio.gather(*(process.wait(upload.id, patience) for process in begun))

    async def claim(self, database: Database, upload_id: int) -> Claim | None:
        async with database.transaction():
            return await uploading.claim(database, self.viewer, upload_id)

    async def delete(self, upload: UploadRow) -> None:
        async with self.pool.operation() as database:
            (found,) = await uploading.uploads.uploads_by_ids(database, self.viewer, [upload.id]) or (None,)
            if found is not None and found.media_id is not None:
                await media.delete_media(database, self.viewer, found.media_id)

    async def sweeper(self) -> None:
        while True:
            async with self.pool.operation() as database:
                await uploading.sweep(database, limit=3)
                await uploading.delete_doomed(database, self.store)
            await asyncio.sleep(0.02)

    async def watcher(self, connection: psycopg.AsyncConnection) -> None:
        while True:
            used, quota, files, reserved = await self.state(connection)
            assert used == files
            self.over = max(self.over, used + reserved - quota)
            await asyncio.sleep(0.003)

    async def state(self, connection: psycopg.AsyncConnection) -> tuple[int, int, int, int]:
        row = await (await connection.execute(STATE, [self.viewer])).fetchone()
        assert row is not None
        return row


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_nothing_is_over_the_quota_and_nothing_is_lost(
    pool: Pool, empty_database: str, make: Factory, tmp_path: Path, seed: int
) -> None:
    store = Store(tmp_path / "media")
    viewer = make.user("ada")
    make.insert("storage_usage", "user_id", user_id=viewer, quota_bytes=1500)
    world = Round(pool, store, viewer, seed)
    connections = [await psycopg.AsyncConnection.connect(empty_database, autocommit=True) for _ in range(CLIENTS + 1)]
    beside = [asyncio.create_task(world.sweeper()), asyncio.create_task(world.watcher(connections[-1]))]
    await asyncio.gather(*(world.client(one) for one in connections[:-1]))
    for task in beside:
        task.cancel()
    ended = await asyncio.gather(*beside, return_exceptions=True)
    assert all(isinstance(one, asyncio.CancelledError) for one in ended), ended
    # All is quiet: every lease and every time runs out, and all that is doomed is due.
    for statement in (
        OUTLIVE + " WHERE lease_until IS NOT NULL",
        EXPIRE,
    ):
        make.connection.execute(statement)
    async with pool.operation() as database:
        await uploading.sweep(database)
        make.connection.execute("UPDATE app.doomed_objects SET not_before = now()")
        await uploading.delete_doomed(database, store)
    used, quota, files, reserved = await world.state(connections[-1])
    for one in connections:
        await one.close()
    there = {str(path.relative_to(tmp_path / "media")) for path in (tmp_path / "media").glob("m/*/*")}
    keys = {key for (key,) in make.connection.execute("SELECT object_key FROM public.post_media").fetchall()}
    sizes = sum(path.stat().st_size for path in (tmp_path / "media").glob("m/*/*/o.*"))
    assert (world.over <= 0, used, reserved) == (True, files, 0)
    assert there == keys
    elsewhere = "SELECT count(*) FROM public.post_media WHERE strpos(file_url, substr(object_key, 3)) = 0"
    assert make.scalar(elsewhere) == 0
    assert sizes == used <= quota
    assert list((tmp_path / "media").glob("in/*/*")) == []
    assert "STORAGE_LIMIT_EXCEEDED" in world.seen
