"""The workers of a process: one for each lane, started again when the database was away."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

from procrastinate.jobs import DeleteJobCondition, Job

from api.email.messages import EmailTemplates
from api.email.transports import transport_for
from api.jobs import emails, periodic  # noqa: F401  # pyright: ignore[reportUnusedImport]  # they declare their tasks
from api.jobs.engine import connector_to, lane_app
from api.jobs.running import Outcome, Runner
from api.jobs.tasks import LANES, TASKS, Lane, Task
from api.media.store import Store
from api.settings import Settings
from db.pool import Pool
from db.queries import jobs

log = logging.getLogger("vrss.jobs")

POLL_SECONDS = 5.0
HEARTBEAT_SECONDS = 10.0
SILENCE_SECONDS = 30.0  # after which a worker counts as gone, and its jobs are taken over
STOP_SECONDS = 5.0  # what jobs have to end when the process stops; those that run on are begun anew by another
_RESTART_SECONDS = 3.0
_ENDLESS_SECONDS = 7 * 24 * 3600.0
_STATEMENT_MS = 60_000  # a statement of a job has this long, whatever a request may take
_BATCH = 100


class Workers:
    """The workers of this process. Open between `opened` and its end."""

    def __init__(self, settings: Settings, url: str, lanes: Sequence[Lane], report: Callable[[Outcome], None]) -> None:
        connections = sum(lane.at_once for lane in lanes)
        own = {"pool_min_size": 0, "pool_max_size": connections, "statement_timeout_ms": _STATEMENT_MS}
        self.stopping = False
        self._lanes = lanes
        self._pool = Pool(url, settings.database.model_copy(update=own))
        self._url = url
        self._database = settings.database
        # A pooler that gives each transaction another connection drops what is listened for.
        self._listens = settings.database.prepared_statements
        self._runner = Runner(
            self._pool,
            EmailTemplates(settings.app_url),
            transport_for(settings.mail_url),
            settings.mail_from,
            Store(settings.media_folder),
            report,
        )

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        await self._pool.open()
        try:
            yield
        finally:
            await self._pool.close()

    async def run(self, lane: Lane, *, until_idle: bool = False) -> None:
        """Run the jobs of a lane until this is cancelled, or with `until_idle` until none is due."""
        tasks = {task: partial(self._body, task) for task in TASKS.values() if task.lane.name == lane.name}
        connector = connector_to(self._url, self._database)
        app = lane_app(connector, lane, tasks, periodic=not until_idle)
        try:
            await connector.open_async()
            await app.run_worker_async(
                queues=[lane.name],
                name=lane.name,
                concurrency=lane.at_once,
                wait=not until_idle,
                fetch_job_polling_interval=POLL_SECONDS,
                shutdown_graceful_timeout=_ENDLESS_SECONDS if until_idle else STOP_SECONDS,
                listen_notify=lane.listens and self._listens and not until_idle,
                delete_jobs=DeleteJobCondition.SUCCESSFUL,
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=SILENCE_SECONDS,
            )
        finally:
            await connector.close_async()

    async def _body(self, task: Task, job: Job, **given: object) -> str:
        return await self._runner.run(task, job, given)

    async def keep_running(self, lane: Lane) -> None:
        """Run the jobs of a lane, and begin anew whenever the library stops, as it does when the database is away."""
        while not self.stopping:
            try:
                await self.run(lane)
                log.error(
                    "the worker of %s stopped, as when the database is away, and starts again in %s s",
                    lane.name, _RESTART_SECONDS,
                )  # fmt: skip
            except Exception as error:  # noqa: BLE001  # whatever it is, e-mails must leave; its text may be private
                if self.stopping:  # the error of its end has taken the place of the cancellation
                    return
                log.error(  # noqa: TRY400  # as above
                    "the worker of %s failed, and starts again in %s s: %s",
                    lane.name, _RESTART_SECONDS, type(error).__name__,
                )  # fmt: skip
            await asyncio.sleep(_RESTART_SECONDS)

    async def keep_taking_over(self) -> None:
        """Again and again, let the jobs of workers that were killed wait for others."""
        while not self.stopping:
            try:
                await self.take_over()
            except Exception as error:  # noqa: BLE001  # as above
                log.warning("nobody's jobs were taken over yet: %s", type(error).__name__)
            await asyncio.sleep(HEARTBEAT_SECONDS)

    async def take_over(self) -> None:
        async with self._pool.operation() as database:
            while ids := await jobs.requeue_abandoned(database, timedelta(seconds=SILENCE_SECONDS), _BATCH):
                log.warning("%s jobs of workers that are gone begin anew", len(ids))

    async def due(self) -> int:
        async with self._pool.operation() as database:
            return await jobs.due(database, [lane.name for lane in self._lanes])


def _unreported(_: Outcome) -> None:
    """The log has it."""


@asynccontextmanager
async def working(settings: Settings, url: str, lanes: Sequence[Lane] = LANES) -> AsyncGenerator[None]:
    """Run jobs within this block. At its end, jobs that run have STOP_SECONDS to end."""
    workers = Workers(settings, url, lanes, _unreported)
    async with workers.opened():
        running = [asyncio.create_task(workers.keep_running(lane)) for lane in lanes]
        running.append(asyncio.create_task(workers.keep_taking_over()))
        try:
            yield
        finally:
            workers.stopping = True
            for one in running:
                one.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*running, return_exceptions=True)


async def run_until_idle(
    settings: Settings, url: str, lanes: Sequence[Lane], report: Callable[[Outcome], None]
) -> None:
    """Run the jobs that are due until there is none."""
    workers = Workers(settings, url, lanes, report)
    async with workers.opened():
        await workers.take_over()
        while await workers.due():
            ran = await asyncio.gather(
                *(workers.run(lane, until_idle=True) for lane in lanes), return_exceptions=True
            )  # fmt: skip
            for error in filter(None, ran):
                raise error
