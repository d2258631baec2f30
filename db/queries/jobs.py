"""What is done when its time has come; see db/maintenance/jobs.py for the order of the calls."""

from typing import NamedTuple

from db.pool import Database
from db.statements import load

_STATEMENTS = load("jobs")


class _LockRow(NamedTuple):
    taken: bool


class BlockRow(NamedTuple):
    blocker_id: int
    blocked_id: int


async def acquire_jobs_lock(database: Database) -> bool:
    (row,) = await database.fetch(_STATEMENTS["acquire_jobs_lock"], _LockRow)
    return row.taken


async def set_timeout(database: Database, milliseconds: int) -> None:
    """For the statements of this transaction."""
    await database.execute(_STATEMENTS["set_job_timeout"], milliseconds=milliseconds)


async def purge_sessions(database: Database, limit: int) -> int:
    return await database.execute(_STATEMENTS["purge_sessions"], limit=limit)


async def purge_tokens(database: Database, limit: int) -> int:
    return await database.execute(_STATEMENTS["purge_tokens"], limit=limit)


async def purge_notifications_without_actor(database: Database, limit: int) -> int:
    return await database.execute(_STATEMENTS["purge_notifications_without_actor"], limit=limit)


async def blocks_after(database: Database, block: BlockRow, limit: int) -> list[BlockRow]:
    return await database.fetch(
        _STATEMENTS["blocks_after"], BlockRow, blocker_id=block.blocker_id, blocked_id=block.blocked_id, limit=limit
    )


async def purge_notifications_across_blocks(database: Database, after: BlockRow, last: BlockRow, limit: int) -> int:
    return await database.execute(
        _STATEMENTS["purge_notifications_across_blocks"],
        after_blocker_id=after.blocker_id,
        after_blocked_id=after.blocked_id,
        last_blocker_id=last.blocker_id,
        last_blocked_id=last.blocked_id,
        limit=limit,
    )
