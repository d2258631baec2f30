"""What `vrss jobs` and `vrss worker` do. A small command never loads the engine."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, TypeVar

import typer

from api.cli.commands import opened, read_settings, require_head
from api.settings import Settings
from db.errors import DatabaseError
from db.pool import Database, Pool
from db.queries import jobs
from db.queries.jobs import JobRow
from db.settings import DatabaseSettings, OperatorError

jobs_app = typer.Typer(help="The jobs: e-mails that wait, purges and all that comes back.", no_args_is_help=True)

ResultT = TypeVar("ResultT")

_BATCH = 500
_WORDS = {"todo": "waits", "doing": "runs"}
_COLUMNS = "{:>8}  {:<24} {:<8} {:>8}  {:<19}  {:<19}  {}"


@jobs_app.command("list")
def jobs_list(
    failed: Annotated[bool, typer.Option("--failed", help="Only those that have failed for good.")] = False,
) -> None:
    """Name the jobs that wait, run or have failed, by id; times are in UTC. What has been done is not kept."""
    shown = _operate(lambda database: _list(database, failed=failed))
    if not shown:
        typer.echo("No job has failed." if failed else "No job waits, runs or has failed.")


@jobs_app.command("retry")
def jobs_retry(
    job_ids: Annotated[list[int], typer.Argument(metavar="ID...", help="As `vrss jobs list` shows them.")],
) -> None:
    """Let jobs begin at once that have failed, or wait for their next attempt."""
    refused = _operate(lambda database: _retry(database, job_ids))
    if refused:
        names = ", ".join(map(str, refused))
        raise OperatorError(f"Not tried again: {names}. A job that runs, was given up or is not there cannot be.")


@jobs_app.command("run")
def jobs_run(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="TASK...", help="Of the periodic tasks, only these.")
    ] = None,
) -> None:
    """Do all that waits and is due, and every periodic task, once: for cron, where no worker runs."""
    from api.cli.logs import configure

    settings = read_settings()
    with opened(settings.database) as (url, _):
        require_head(url)
        configure(settings)
        failed = asyncio.run(_run(settings, url, names or []))
    if failed:
        raise OperatorError(f"{failed} failed, as logged above; `vrss jobs list` shows what is tried again.")


def work() -> None:
    """Run the jobs until a signal comes; what runs then has a moment to end."""
    from api.cli.logs import configure

    settings = read_settings()
    with opened(settings.database) as (url, _):
        require_head(url)
        configure(settings)
        asyncio.run(_work(settings, url))


async def _work(settings: Settings, url: str) -> None:
    from api.jobs.worker import working

    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with working(settings, url):
        typer.echo("The worker runs.")
        if settings.mail_url is None:
            typer.echo("Nobody gets e-mails until VRSS_MAIL_URL says how they leave.")
        await stopping.wait()


async def _run(settings: Settings, url: str, names: Sequence[str]) -> int:
    """How many jobs failed."""
    from procrastinate.exceptions import ConnectorException

    from api.jobs.running import Outcome
    from api.jobs.worker import LANES, TASKS, run_until_idle

    periodic = [task for task in TASKS.values() if task.cron is not None]
    unknown = set(names) - {task.name for task in periodic}
    if unknown:
        known = ", ".join(task.name for task in periodic)
        raise OperatorError(f"There is no periodic task {', '.join(sorted(unknown))}; there are {known}.")
    chosen = [task for task in periodic if not names or task.name in names]
    elsewhere: dict[int, str] = {}
    failures = 0

    def report(outcome: Outcome) -> None:
        nonlocal failures
        failures += not outcome.succeeded
        elsewhere.pop(outcome.job_id, None)
        typer.echo(f"{outcome.task} {outcome.job_id}: {'' if outcome.succeeded else 'failed: '}{outcome.said}")

    async def enqueue(database: Database) -> None:
        for task in chosen:
            elsewhere[await jobs.enqueue(database, task.lane.name, task.name, {})] = task.name

    await _over(url, settings.database, enqueue)
    lanes = [lane for lane in LANES if not names or lane in {task.lane for task in chosen}]
    try:
        await run_until_idle(settings, url, lanes, report)
    except (ConnectorException, DatabaseError) as error:
        raise OperatorError(f"Stopped ({type(error).__name__}): what is named above is done. Run it again.") from error
    for job_id, name in elsewhere.items():
        typer.echo(f"{name} {job_id}: another worker does it")
    return failures


def _operate(work: Callable[[Database], Awaitable[ResultT]]) -> ResultT:
    settings = read_settings().database
    with opened(settings) as (url, _):
        require_head(url)
        return asyncio.run(_over(url, settings, work))


async def _over(url: str, settings: DatabaseSettings, work: Callable[[Database], Awaitable[ResultT]]) -> ResultT:
    pool = Pool(url, settings.model_copy(update={"pool_min_size": 1, "pool_max_size": 1}))
    await pool.open()
    try:
        async with pool.operation() as database:
            return await work(database)
    except DatabaseError as error:
        raise OperatorError(f"Stopped ({error.code}): {error.message}") from error
    finally:
        await pool.close()


async def _list(database: Database, *, failed: bool) -> int:
    """How many it has shown."""
    shown, after = 0, 0
    while rows := await jobs.jobs_after(database, after, _BATCH):
        for row in rows:
            if failed and row.status in _WORDS:
                continue
            if not shown:
                typer.echo(_COLUMNS.format("ID", "TASK", "STATUS", "ATTEMPTS", "SINCE", "DUE", "LAST ERROR"))
            typer.echo(_line(row))
            shown += 1
        after = rows[-1].id
    return shown


def _line(row: JobRow) -> str:
    since, due = (f"{time:%Y-%m-%d %H:%M:%S}" if time else "-" for time in (row.since, row.due_at))
    status = _WORDS.get(row.status, row.status)
    return _COLUMNS.format(row.id, row.task, status, row.attempts, since, due, row.error or "-")


async def _retry(database: Database, job_ids: Sequence[int]) -> list[int]:
    """Those that cannot be tried again."""
    refused: list[int] = []
    for job_id in job_ids:
        if await jobs.retry(database, job_id):
            typer.echo(f"The job {job_id} begins at once.")
        else:
            refused.append(job_id)
    return refused
