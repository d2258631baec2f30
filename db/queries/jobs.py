"""The jobs that wait for a worker; see docs/how-it-works/jobs.md."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson

from db.pool import Database
from db.queries import IdRow
from db.statements import load

_STATEMENTS = load("jobs")

EMAIL_LANE = "email"


class JobRow(NamedTuple):
    """`status` is todo, doing or failed, and what else procrastinate knows; `due_at` is None for at once."""

    id: int
    task: str
    status: str
    attempts: int
    due_at: datetime | None
    error: str | None
    since: datetime | None


class _CountRow(NamedTuple):
    jobs: int


async def enqueue(
    database: Database, lane: str, task: str, arguments: Mapping[str, Any], *, due_at: datetime | None = None
) -> int:
    """Its id. Within a transaction it is there when that commits, and not before."""
    given = orjson.dumps(arguments).decode()
    statement = _STATEMENTS["enqueue_job"]
    (row,) = await database.fetch(statement, IdRow, lane=lane, task=task, arguments=given, due_at=due_at)
    return row.id


async def jobs_after(database: Database, job_id: int, limit: int) -> list[JobRow]:
    return await database.fetch(_STATEMENTS["jobs_after"], JobRow, after=job_id, limit=limit)


async def due(database: Database, lanes: Iterable[str]) -> int:
    (row,) = await database.fetch(_STATEMENTS["due_jobs"], _CountRow, lanes=list(lanes))
    return row.jobs


async def retry(database: Database, job_id: int) -> bool:
    return await database.execute(_STATEMENTS["retry_job"], job_id=job_id) > 0


async def requeue_abandoned(database: Database, silence: timedelta, limit: int) -> list[int]:
    statement = _STATEMENTS["requeue_abandoned_jobs"]
    return [row.id for row in await database.fetch(statement, IdRow, silence=silence, limit=limit)]


async def note_error(database: Database, job_id: int, error: str) -> None:
    await database.execute(_STATEMENTS["note_job_error"], job_id=job_id, error=error)


async def give_up(database: Database, job_id: int, error: str) -> None:
    await database.execute(_STATEMENTS["give_up_job"], job_id=job_id, error=error)


async def supersede(database: Database, lane: str, task: str, job_id: int) -> None:
    await database.execute(_STATEMENTS["supersede_jobs"], lane=lane, task=task, job_id=job_id)


async def purge_failed(database: Database, age: timedelta, limit: int) -> int:
    return await database.execute(_STATEMENTS["purge_failed_jobs"], age=age, limit=limit)


async def drop_emails_of_user(database: Database, user_id: int) -> None:
    await database.execute(_STATEMENTS["drop_emails_of_user"], user_id=user_id)


async def recipient_exists(database: Database, user_id: int) -> bool:
    return await database.fetch_one(_STATEMENTS["recipient"], IdRow, user_id=user_id) is not None
