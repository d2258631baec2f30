"""What `vrss counters` says: one line on stdout for each value that differs from its recount."""

import asyncio
from collections.abc import AsyncGenerator, Callable

import typer

from api.cli.progress import ProgressBar, progress_bar
from db.errors import DatabaseError
from db.maintenance import counters
from db.pool import Database, Pool
from db.settings import DatabaseSettings, OperatorError

Work = Callable[[Database, ProgressBar], AsyncGenerator[counters.Drift]]


def verify(url: str, settings: DatabaseSettings) -> int:
    """Name what has drifted; how much it is."""
    return asyncio.run(_run(url, settings, counters.verify, "stored {0.stored}, counted {0.counted}"))


def repair(url: str, settings: DatabaseSettings) -> int:
    """Heal what has drifted and name it; how much it was."""
    return asyncio.run(_run(url, settings, counters.repair, "was {0.stored}, is {0.counted}"))


async def _run(url: str, settings: DatabaseSettings, work: Work, words: str) -> int:
    found = 0
    pool = Pool(url, settings.model_copy(update={"pool_min_size": 1, "pool_max_size": 1}))
    await pool.open()
    try:
        async with pool.operation() as database:
            with progress_bar() as progress:
                async for drift in work(database, progress):
                    typer.echo(f"{drift.table} {drift.id} {drift.column}: {words.format(drift)}")
                    found += 1
    except DatabaseError as error:
        raise OperatorError(f"Stopped ({error.code}): what is named above holds. Run it again.") from error
    finally:
        await pool.close()
    return found
