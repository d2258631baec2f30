"""What is done when its time has come; see db/jobs.py for the order of the calls."""

from typing import NamedTuple

from db.pool import Database
from db.statements import load

_STATEMENTS = load("jobs")


class _TurnRow(NamedTuple):
    taken: bool


async def take_turn(database: Database) -> bool:
    (row,) = await database.fetch(_STATEMENTS["take_turn"], _TurnRow)
    return row.taken


async def set_timeout(database: Database, milliseconds: int) -> None:
    """For the statements of this transaction."""
    await database.execute(_STATEMENTS["set_job_timeout"], milliseconds=milliseconds)


async def purge_sessions(database: Database, limit: int) -> int:
    return await database.execute(_STATEMENTS["purge_sessions"], limit=limit)


async def purge_tokens(database: Database, limit: int) -> int:
    return await database.execute(_STATEMENTS["purge_tokens"], limit=limit)


async def purge_hidden_notifications(database: Database, limit: int) -> int:
    return await database.execute(_STATEMENTS["purge_hidden_notifications"], limit=limit)
