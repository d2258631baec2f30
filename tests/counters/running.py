"""Verify and repair, from beginning to end, on a connection of their own."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing, contextmanager

from db.maintenance.counters import BATCH, Drift, repair, verify
from db.pool import Pool
from db.settings import DatabaseSettings


class Steps:
    """Remembers what was announced, and how much of it came."""

    def __init__(self) -> None:
        self.announced: list[tuple[str, int]] = []
        self.done: list[int] = []

    def begin(self, what: str, steps: int) -> None:
        self.announced.append((what, steps))
        self.done.append(0)

    def advance(self, steps: int) -> None:
        self.done[-1] += steps


def verified(url: str, *, batch: int = BATCH, steps: Steps | None = None) -> list[Drift]:
    return asyncio.run(_run(url, verify, batch, steps or Steps()))


def repaired(url: str, *, batch: int = BATCH) -> list[Drift]:
    return asyncio.run(_run(url, repair, batch, Steps()))


async def _run(url: str, work: Callable[..., AsyncGenerator[Drift]], batch: int, steps: Steps) -> list[Drift]:
    pool = Pool(url, DatabaseSettings(pool_min_size=1, pool_max_size=1))
    await pool.open()
    try:
        async with pool.operation() as database, aclosing(work(database, steps, batch=batch)) as drifts:
            return [drift async for drift in drifts]
    finally:
        await pool.close()


@contextmanager
def repairing(url: str) -> Generator[Future[list[Drift]]]:
    """A repair in the background, which has ended when the block ends."""
    with ThreadPoolExecutor(1) as background:
        yield background.submit(repaired, url)
