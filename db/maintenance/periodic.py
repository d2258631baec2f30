"""The jobs of db/maintenance/jobs.py in the server's own process."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from db.errors import DatabaseError
from db.maintenance import jobs
from db.maintenance.jobs import JobsBusyError, JobsFailedError
from db.pool import Pool

log = logging.getLogger("vrss.jobs")


@asynccontextmanager
async def jobs_every(minutes: float, pool: Pool) -> AsyncGenerator[None]:
    """Run the jobs this often within the block; never for 0."""
    if not minutes:
        yield
        return
    task = asyncio.create_task(_run_every(minutes * 60, pool))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _run_every(seconds: float, pool: Pool) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            async with pool.operation() as database:
                await jobs.run(database, _log_deleted)
        except JobsBusyError:
            log.info("another process runs the jobs")
        except JobsFailedError as error:
            log.error("these jobs failed, and are tried again in %s s: %s", seconds, error)  # noqa: TRY400  # each is logged
        except DatabaseError as error:
            log.error("the jobs stopped, and are tried again in %s s: %s", seconds, error.message)  # noqa: TRY400
        except Exception:
            log.exception("the jobs failed, and are tried again in %s s", seconds)


def _log_deleted(name: str, count: int) -> None:
    log.info("deleted %s %s", count, name)
