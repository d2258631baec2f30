"""What a task is, and where it is declared.

A task that comes back by itself is three lines in api/jobs/periodic.py::

    @periodic("*/5 * * * *", lane=MAINTENANCE)
    async def purge_sessions(tools: Tools) -> str:
        return f"{await purges.purge_sessions(tools.database)} sessions deleted"

A job may run twice: when its worker is killed before it could say that the work is done, another one begins it anew. So
each task leaves what is done already as it is.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple

from api.email.messages import EmailTemplates
from api.email.transports import Transport
from api.media.store import Store
from db.pool import Database
from db.queries.jobs import EMAIL_LANE


class Lane(NamedTuple):
    """Jobs that wait for each other, and for those of no other lane: at most so many of them run at once.

    `listens`: the database says when a job comes, so that it begins at once; without, within POLL_SECONDS.
    """

    name: str
    at_once: int
    listens: bool = False


EMAIL = Lane(EMAIL_LANE, at_once=4, listens=True)
SCHEDULE = Lane("schedule", at_once=1)  # what has a time of its own, and takes seconds
MAINTENANCE = Lane("maintenance", at_once=1)  # what may take an hour
LANES = (EMAIL, SCHEDULE, MAINTENANCE)


@dataclass(frozen=True, slots=True)
class Tools:
    """What a task works with. The connection of `database` is acquired with its first statement."""

    database: Database
    emails: EmailTemplates
    transport: Transport
    sender: str
    store: Store


class NotDoneError(Exception):
    """The task could not do it this time, and has logged why; the message is safe to show."""


class GivenUpError(NotDoneError):
    """No other attempt will do it. What the job was given is deleted."""


Run = Callable[..., Awaitable[str]]
Pauses = Callable[[int], float | None]


@dataclass(frozen=True, slots=True)
class Task:
    """`run` gets the tools and what the job was given, and returns what it did, in some words for the log.

    `pause` says how many seconds pass after so many failed attempts, and None for no other. `cron` is when it comes by
    itself, in UTC. `private`: its errors may hold what nobody must read, and are logged without their texts; what it
    was given is deleted when no other attempt comes.
    """

    name: str
    lane: Lane
    run: Run
    pause: Pauses
    cron: str | None = None
    private: bool = False


TASKS: dict[str, Task] = {}


def _few(failures: int) -> float | None:
    """Three more attempts: after one minute, five and fifteen."""
    return {1: 60.0, 2: 300.0, 3: 900.0}.get(failures)


def _never(_: int) -> float | None:
    return None


def periodic(cron: str, *, lane: Lane, again: bool = True) -> Callable[[Run], Run]:
    """Declare a task that comes back by itself; without `again` a failed one waits for its next time."""

    def declare(run: Run) -> Run:
        TASKS[run.__name__] = Task(run.__name__, lane, run, _few if again else _never, cron)
        return run

    return declare


def private(*, lane: Lane, pause: Pauses) -> Callable[[Run], Run]:
    """Declare a task that is given what nobody else must read."""

    def declare(run: Run) -> Run:
        TASKS[run.__name__] = Task(run.__name__, lane, run, pause, private=True)
        return run

    return declare
