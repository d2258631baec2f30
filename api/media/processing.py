"""What becomes of an upload whose bytes are there: a process that may be killed makes a clean copy, and a row says so.

Whoever completes an upload claims it for LEASE and writes to a key that nobody else has. When the time is over, another
one may claim it, with another key; then the first one can store nothing, since the row names its key no more.
"""

import asyncio
import json
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from anyio import to_thread

from api.media.addresses import FILE_PATH
from api.media.formats.kinds import KINDS
from api.media.places import Places
from api.media.store import Store
from api.media.thumbnails import STORED, path_of
from api.media.worker import ORIGINAL
from db.pool import Database, Pool
from db.queries import notifying, uploads
from db.queries.uploads import NewFile

log = logging.getLogger("vrss.media")

LEASE = timedelta(minutes=5)
# Until an attempt that has lost its lease writes nothing any more: it takes less than DEADLINE_SECONDS and its copies.
SUPERSEDED = timedelta(hours=1)
DEADLINE_SECONDS = 30.0
_LONGEST_ANSWER = 10_000


# What ends a worker because of its file: it takes more time than the limit, writes more, or crashes the decoder.
_ENDED_BY_ITS_FILE = frozenset(
    -one
    for one in (
        *(signal.SIGXCPU, signal.SIGXFSZ, signal.SIGSEGV, signal.SIGBUS),
        *(signal.SIGABRT, signal.SIGFPE, signal.SIGILL),
    )
)


class WorkerError(Exception):
    """The worker ended without a word about its file: the machine is to blame, and another attempt may do better."""


class Claim(NamedTuple):
    """An upload that this process completes, and the key that it writes to."""

    upload_id: int
    user_id: int
    object_key: str
    mime_type: str
    size: int
    final_key: str


class Processing:
    """Completes claimed uploads, a few at once, in tasks that outlive the requests that wait for them."""

    def __init__(self, pool: Pool, store: Store) -> None:
        self._pool = pool
        self._store = store
        self.places = Places()
        self._tasks = dict[int, asyncio.Task[None]]()

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        """At the end, what is under way is stopped: its lease runs out."""
        try:
            yield
        finally:
            running = list(self._tasks.values())
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def start(self, owner: int, claim: Callable[[], Awaitable[Claim | None]]) -> bool:
        """Complete what `claim` claims as soon as there is a place; False where there was none in time.

        OverloadedError where too many wait.
        """
        if not await self.places.take(owner):
            return False
        try:
            claimed = await claim()
        except BaseException:
            self.places.leave(owner)
            raise
        if claimed is None:
            self.places.leave(owner)
            return True
        task = self._tasks[claimed.upload_id] = asyncio.create_task(self._complete(claimed))
        task.add_done_callback(lambda _: self._end(owner, claimed.upload_id, task))
        return True

    def works_on(self, upload_id: int) -> bool:
        return upload_id in self._tasks

    async def wait(self, upload_id: int, seconds: float) -> None:
        """Until the work of this process on an upload has ended, but no longer than this."""
        if (task := self._tasks.get(upload_id)) is not None:
            await asyncio.wait({task}, timeout=seconds)

    def _end(self, owner: int, upload_id: int, task: asyncio.Task[None]) -> None:
        self.places.leave(owner)
        if self._tasks.get(upload_id) is task:
            del self._tasks[upload_id]

    async def _complete(self, claim: Claim) -> None:
        try:
            found = await self._make(claim)
            async with self._pool.operation(f"upload {claim.upload_id}") as database:
                is_ended = await _finish(database, claim, found)
            if is_ended and found is not None:  # its bytes are of no more use, and its address takes none
                await to_thread.run_sync(self._store.plug, claim.object_key)
        except Exception:
            log.exception("the upload %s could not be completed yet", claim.upload_id)

    async def _make(self, claim: Claim) -> NewFile | str | None:
        """The file; why there is none; or None where nobody has sent its bytes."""
        size = await to_thread.run_sync(self._store.size, claim.object_key)
        if size is None:
            return None
        if size > claim.size:
            return "INVALID_FILE"
        ending = KINDS[claim.mime_type].ending
        folder = await to_thread.run_sync(self._store.work_folder)
        try:
            source = self._store.path(claim.object_key)
            found = await examined((claim.mime_type, ending, str(source), str(folder)))
            if "refused" in found:
                return str(found["refused"])
            if not 0 < found["size"] <= claim.size:  # more was never reserved
                return "INVALID_FILE"
            await to_thread.run_sync(self._store.keep, folder, claim.final_key)
        finally:
            await to_thread.run_sync(self._store.drop_work, folder)
        url = f"{FILE_PATH}{claim.final_key.partition('/')[2]}/{ORIGINAL}.{ending}"
        made: list[int] = found.get("thumbnails", [])
        return NewFile(
            url,
            found["size"],
            found["width"],
            found["height"],
            found["seconds"],
            thumbnail_url=path_of(url, made, STORED) if made else None,
            thumbnails=made or None,
            placeholder=found.get("placeholder"),
        )


async def _finish(database: Database, claim: Claim, found: NewFile | str | None) -> bool:
    """Store what came of it; False where somebody else has the upload by now."""
    async with database.transaction():
        await uploads.lock_storage(database, claim.user_id)
        if not await uploads.hold_claimed(database, claim.upload_id, claim.final_key):
            return False
        if found is None:
            await uploads.unclaim(database, claim.upload_id)
        elif isinstance(found, str):
            await uploads.fail(database, claim.upload_id, found)
        else:
            await uploads.create_media(database, claim.upload_id, found)
            await notifying.notify_storage(database, claim.user_id, found.size)
    return True


async def examined(arguments: Sequence[str], program: Sequence[str] = ("-m", "api.media.worker")) -> Mapping[str, Any]:
    """What the worker says of a file. One that crashes, computes too long or says too much has met a file that is none.

    WorkerError where it ends otherwise: by the clock of a busy machine, a full disk, or somebody's SIGKILL.
    """
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", *program, *arguments),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,
        env={},
        cwd=Path("/"),
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            if worker.stdout is None:
                raise LookupError("it has a pipe")
            said = await worker.stdout.read(_LONGEST_ANSWER + 1)
            while len(said) <= _LONGEST_ANSWER and (more := await worker.stdout.read(_LONGEST_ANSWER)):
                said += more
            if len(said) > _LONGEST_ANSWER:
                return {"refused": "INVALID_FILE", "why": "nobody could read it"}
            status = await worker.wait()
    except TimeoutError:
        raise WorkerError("it took too long") from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        await asyncio.shield(_ended(worker))
    if status in _ENDED_BY_ITS_FILE:
        return {"refused": "INVALID_FILE", "why": "nobody could read it"}
    if status != 0:
        raise WorkerError(f"it ended with {status}")
    return json.loads(said)


async def _ended(worker: asyncio.subprocess.Process) -> None:
    """Wait until a killed worker has ended. What it has said is read to its end: else asyncio may wait for ever."""
    while worker.stdout is not None and await worker.stdout.read(_LONGEST_ANSWER):
        pass
    await worker.wait()
