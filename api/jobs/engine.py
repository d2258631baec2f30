"""procrastinate, over tables in a schema of their own, and with nothing private in its log."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString, cast

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate import sql as library
from procrastinate.jobs import Job

from api.jobs.tasks import GivenUpError, Lane, Task
from db.pool import connection_options
from db.settings import DatabaseSettings

# The library's loggers write what jobs were given: addresses, and tokens that open accounts. What happens is logged by
# api/jobs/running.py.
logging.getLogger("procrastinate").setLevel(logging.CRITICAL)

_MISSED_SECONDS = 24 * 3600  # a periodic task whose time came while no worker ran is done late, up to this


def qualified(query: str) -> str:
    """A statement of the library that finds its tables whatever the connection's search_path says.

    A pooler in transaction mode drops what a connection begins with.
    """
    return re.sub(r"\bprocrastinate_(?=[a-z])", "jobs.procrastinate_", query)


_QUALIFIED = {text: f"/* engine_{name} */ {qualified(text)}" for name, text in library.queries.items()}


def _ours(query: LiteralString) -> LiteralString:
    return cast("LiteralString", _QUALIFIED[query])


class JobsConnector(PsycopgConnector):
    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        await super().execute_query_async(_ours(query), **arguments)

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        return await super().execute_query_one_async(_ours(query), **arguments)

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        return await super().execute_query_all_async(_ours(query), **arguments)


def connector_to(url: str, settings: DatabaseSettings) -> JobsConnector:
    """What connects one worker, from its start to its end: a new start is a new connection."""
    kwargs = connection_options(settings) | {"application_name": "vrss jobs"}
    del kwargs["autocommit"]  # the library commits by itself, and sets it where it listens
    # One is enough to fetch jobs, to end them, and to say that the worker lives: each takes a moment.
    return JobsConnector(conninfo=url, min_size=1, max_size=1, timeout=settings.pool_timeout_seconds, kwargs=kwargs)


class _Retries(BaseRetryStrategy):
    def __init__(self, task: Task) -> None:
        self._task = task

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):  # the process stops: another one does it, at once
            return RetryDecision(retry_at=datetime.now(UTC))
        pause = None if isinstance(exception, GivenUpError) else self._task.pause(job.attempts + 1)
        return None if pause is None else RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=pause))


Body = Callable[..., Awaitable[str]]


def lane_app(connector: JobsConnector, lane: Lane, tasks: Mapping[Task, Body], *, periodic: bool) -> App:
    """The tasks of one lane. `periodic`: they come back by themselves while it runs."""
    app = App(connector=connector, periodic_defaults={"max_delay": _MISSED_SECONDS})
    for task, body in tasks.items():
        declare = app.task(name=task.name, queue=lane.name, retry=_Retries(task), pass_context=True)
        declared = declare(_with_context(body))
        if periodic and task.cron is not None:
            app.periodic(cron=task.cron)(declared)
    return app


def _with_context(body: Body) -> Body:
    async def run(context: JobContext, /, **given: Any) -> str:
        return await body(context.job, **given)

    return run
