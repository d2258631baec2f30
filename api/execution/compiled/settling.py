"""Awaits the awaitables of a column: they run at the same time, and each fails alone."""

import asyncio
from collections.abc import Awaitable, Coroutine, Sequence
from typing import Any, TypeAlias

from api.execution.compiled.kinds import Kind, kind_of_value

Column: TypeAlias = list[Any]
Completed: TypeAlias = Column | Coroutine[Any, Any, Column]


async def settled(loop: asyncio.AbstractEventLoop, values: Column) -> Column:
    """The values with what the awaitables among them gave; an exception stands for its failure."""
    waiting = [index for index, value in enumerate(values) if kind_of_value(value) is Kind.AWAITABLE]
    outcomes = await all_of(loop, [_outcome(values[index]) for index in waiting])
    values = list(values)
    for index, outcome in zip(waiting, outcomes, strict=True):
        values[index] = outcome
    return values


async def _outcome(awaitable: Awaitable[Any]) -> Any:
    try:
        return await awaitable
    except Exception as error:  # noqa: BLE001  # one value's failure is that value's alone
        return error


async def all_of(loop: asyncio.AbstractEventLoop, awaitables: Sequence[Awaitable[Any]]) -> list[Any]:
    """What they give, in their order, while they run at the same time. None outlives the call.

    The first of them runs in the caller's own task: tasks are not free, and mostly there are one or two.
    """
    tasks = [asyncio.ensure_future(awaitable, loop=loop) for awaitable in awaitables[1:]]
    try:
        return [await awaitables[0], *[await task for task in tasks]]
    except BaseException:
        await cancel_all(tasks)
        raise


async def cancel_all(futures: Sequence[asyncio.Future[Any]]) -> None:
    """Cancel these, and wait until they have ended."""
    for future in futures:
        future.cancel()
    await asyncio.gather(*futures, return_exceptions=True)


_background: set[asyncio.Future[Any]] = set()


def settle_in_background(values: Sequence[Any]) -> None:
    """Run awaitables in the background whose results are not needed; their exceptions are ignored."""
    awaitables = [value for value in values if kind_of_value(value) is Kind.AWAITABLE]
    if awaitables:
        future = asyncio.gather(*awaitables, return_exceptions=True)
        _background.add(future)
        future.add_done_callback(_background.discard)
