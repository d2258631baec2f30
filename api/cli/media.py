"""What `vrss media` says: one line on stdout for each thing in which the store and the rows differ."""

import asyncio
from collections.abc import AsyncGenerator, Callable

import typer

from api.cli.commands import opened, read_settings, require_head
from api.cli.progress import ProgressBar, progress_bar
from api.media import reconciling
from api.media.reconciling import Finding
from api.media.store import Store
from db.errors import DatabaseError
from db.pool import Database, Pool
from db.settings import OperatorError

Work = Callable[[Database, Store, ProgressBar], AsyncGenerator[Finding]]


def verify() -> None:
    found, lost = _work(reconciling.verify)
    if found or lost:
        raise OperatorError(f"{found + lost} differ; `vrss media repair` heals {found} of them.")
    typer.echo("Every file has its object, and every object its row.")


def repair() -> None:
    found, lost = _work(reconciling.repair)
    typer.echo(f"{found} healed." if found else "There was nothing to heal.")
    if lost:
        raise OperatorError(f"{lost} files lack bytes, which a backup of VRSS_MEDIA_DIR may have.")


def _work(work: Work) -> tuple[int, int]:
    with opened(read_settings().database) as (url, _):
        require_head(url)
        return asyncio.run(_run(url, work))


async def _run(url: str, work: Work) -> tuple[int, int]:
    """How much can be healed, or was, and how much cannot."""
    settings, found, lost = read_settings(), 0, 0
    pool = Pool(url, settings.database.model_copy(update={"pool_min_size": 1, "pool_max_size": 1}))
    await pool.open()
    try:
        async with pool.operation() as database:
            with progress_bar() as progress:
                async for one in work(database, Store(settings.media_folder), progress):
                    typer.echo(f"{one.what}: {one.words}")
                    found, lost = (found + 1, lost) if one.can_heal else (found, lost + 1)
    except DatabaseError as error:
        raise OperatorError(f"Stopped ({error.code}): what is named above holds. Run it again.") from error
    except OSError as error:
        raise OperatorError(f"The store cannot be read: {error}") from error
    finally:
        await pool.close()
    return found, lost
