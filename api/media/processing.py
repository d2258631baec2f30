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
from api.media.store import Store
from api.media.worker import ORIGINAL
from db.errors import OverloadedError
from db.pool import Database, Pool
from db.queries import uploads
from db.queries.uploads import NewFile

log = logging.getLogger("vrss.media")

LEASE = timedelta(minutes=5)
# Until an attempt that has lost its lease writes nothing any more: it takes less than DEADLINE_SECONDS and its copies.
SUPERSEDED = timedelta(hours=1)
DEADLINE_SECONDS = 30.0
_AT_ONCE = 2
_MOST_WAITING, _WAIT_SECONDS = 32, 10.0
_LONGEST_ANSWER = 10_000


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
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0
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

    async def start(self, claim: Callable[[], Awaitable[Claim | None]]) -> None:
        """Complete what `claim` claims as soon as there is a place. OverloadedError where that takes too long."""
        await self._take_place()
        try:
            claimed = await claim()
        except BaseException:
            self._places.release()
            raise
        if claimed is None:
            self._places.release()
            return
        task = self._tasks[claimed.upload_id] = asyncio.create_task(self._complete(claimed))
        task.add_done_callback(lambda _: self._end(claimed.upload_id, task))

    def works_on(self, upload_id: int) -> bool:
        return upload_id in self._tasks

    async def wait(self, upload_id: int, seconds: float) -> None:
        """Until the work of this process on an upload has ended, but no longer than this."""
        if (task := self._tasks.get(upload_id)) is not None:
            await asyncio.wait({task}, timeout=seconds)

    def _end(self, upload_id: int, task: asyncio.Task[None]) -> None:
        self._places.release()
        if self._tasks.get(upload_id) is task:
            del self._tasks[upload_id]

    async def _take_place(self) -> None:
        if self._waiting >= _MOST_WAITING:
            raise OverloadedError
        self._waiting += 1
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise OverloadedError from None
        finally:
            self._waiting -= 1

    async def _complete(self, claim: Claim) -> None:
        try:
            found = await self._make(claim)
            async with self._pool.operation(f"upload {claim.upload_id}") as database:
                await _finish(database, claim, found)
        except Exception:
            log.exception("the upload %s could not be completed yet", claim.upload_id)
        else:
            if isinstance(found, str):
                await to_thread.run_sync(self._store.plug, claim.object_key)

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
        return NewFile(url, found["size"], found["width"], found["height"], found["seconds"])


async def _finish(database: Database, claim: Claim, found: NewFile | str | None) -> None:
    """Store what came of it, unless somebody else has the upload by now."""
    async with database.transaction():
        await uploads.lock_storage(database, claim.user_id)
        if not await uploads.hold_claimed(database, claim.upload_id, claim.final_key):
            return
        if found is None:
            await uploads.unclaim(database, claim.upload_id)
        elif isinstance(found, str):
            await uploads.fail(database, claim.upload_id, found)
        else:
            await uploads.create_media(database, claim.upload_id, found)


async def examined(arguments: Sequence[str], program: Sequence[str] = ("-m", "api.media.worker")) -> Mapping[str, Any]:
    """What the worker says of a file. One that crashes, takes too long or says too much has met a file that is none."""
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
            ended_well = len(said) <= _LONGEST_ANSWER and await worker.wait() == 0
    except TimeoutError:
        return {"refused": "INVALID_FILE", "why": "it took too long"}
    finally:
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        await asyncio.shield(worker.wait())
    return json.loads(said) if ended_well else {"refused": "INVALID_FILE", "why": "nobody could read it"}
