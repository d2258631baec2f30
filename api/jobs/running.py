"""One job from its begin to its end: what is logged of it, and what the database knows of its failure."""

import logging
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from procrastinate.jobs import Job

from api.email.messages import EmailTemplates
from api.email.transports import Transport
from api.jobs.tasks import GivenUpError, NotDoneError, Task, Tools
from api.media.store import Store
from db.errors import DatabaseError
from db.pool import Database, Pool
from db.queries import jobs

log = logging.getLogger("vrss.jobs")


class Outcome(NamedTuple):
    """`said` is what the task says that it did, or why it failed."""

    job_id: int
    task: str
    succeeded: bool
    said: str


class Runner:
    """Runs jobs with what they work with; `report` is called with each outcome."""

    def __init__(
        self,
        pool: Pool,
        emails: EmailTemplates,
        transport: Transport,
        sender: str,
        store: Store,
        report: Callable[[Outcome], None],
    ) -> None:
        self._pool = pool
        self._emails = emails
        self._transport = transport
        self._sender = sender
        self._store = store
        self._report = report

    async def run(self, task: Task, job: Job, given: dict[str, Any]) -> str:
        """What the task says. What it raises decides whether it is tried again, in api/jobs/engine.py."""
        if job.id is None:
            raise LookupError("a job that runs has an id")
        if "given_up" in given:
            raise GivenUpError
        arguments = {name: value for name, value in given.items() if name not in {"error", "timestamp"}}
        async with self._pool.operation(f"job {job.id}") as database:
            tools = Tools(database, self._emails, self._transport, self._sender, self._store)
            try:
                if task.cron is not None:
                    await jobs.supersede(database, task.lane.name, task.name, job.id)
                said = await task.run(tools, **arguments)
            except Exception as error:
                _log_failure(task, job, error)
                said = _safe(error)
                # The outage that made it fail may be the database's.
                with suppress(DatabaseError):
                    await _note(database, job.id, said, given_up=_is_given_up(task, job, error))
                self._report(Outcome(job.id, task.name, succeeded=False, said=said))
                raise
        log.info("the job %s %s: %s", job.id, task.name, said)
        self._report(Outcome(job.id, task.name, succeeded=True, said=said))
        return said


def _is_given_up(task: Task, job: Job, error: Exception) -> bool:
    """Whether what it was given is deleted: of a private task, whenever no other attempt comes."""
    return isinstance(error, GivenUpError) or (task.private and task.pause(job.attempts + 1) is None)


async def _note(database: Database, job_id: int, said: str, *, given_up: bool) -> None:
    if given_up:
        await jobs.give_up(database, job_id, said)
    else:
        await jobs.note_error(database, job_id, said)


def _safe(error: Exception) -> str:
    """Why it failed, without what only the log may say."""
    if isinstance(error, NotDoneError):
        return str(error)
    return f"{error.code}: {error.message}" if isinstance(error, DatabaseError) else f"{type(error).__name__}."


def _log_failure(task: Task, job: Job, error: Exception) -> None:
    pause = None if isinstance(error, GivenUpError) else task.pause(job.attempts + 1)
    coming = "it is not tried again" if pause is None else f"it is tried again in {pause:g} s"
    if isinstance(error, NotDoneError):  # it has said so itself
        log.info("the job %s %s failed, and %s", job.id, task.name, coming)
    elif task.private:
        lines = "".join(traceback.format_tb(error.__traceback__))
        log.error("the job %s %s failed, and %s: %s\n%s", job.id, task.name, coming, type(error).__name__, lines)
    else:
        log.error("the job %s %s failed, and %s", job.id, task.name, coming, exc_info=error)
