"""Whoever stops a request: the deadline, the client, or somebody else at the same time."""

import asyncio
from contextlib import suppress
from typing import Any, Never

import pytest

from api.http.cancellation import ClientDisconnectedError, DeadlineError, RequestCancellation


async def _stays() -> Never:
    await asyncio.get_running_loop().create_future()
    raise AssertionError


async def _leaves() -> dict[str, Any]:
    return {"type": "http.disconnect"}


def _cancellations() -> int:
    task = asyncio.current_task()
    assert task is not None
    return task.cancelling()


async def test_the_deadline_stops_the_block_and_the_task_goes_on() -> None:
    with pytest.raises(DeadlineError), RequestCancellation(_stays, 0.01):
        await _stays()
    assert _cancellations() == 0
    with pytest.raises(TimeoutError):  # which a task that counts as cancelled would take for its own end
        async with asyncio.timeout(0.01):
            await _stays()


async def test_a_client_that_leaves_stops_the_block_and_the_task_goes_on() -> None:
    with pytest.raises(ClientDisconnectedError), RequestCancellation(_leaves, 10):
        await _stays()
    assert _cancellations() == 0


async def test_whoever_cancels_the_task_at_the_same_time_is_obeyed() -> None:
    """The server's own wish to stop must not turn into an answer."""

    async def request() -> None:
        with RequestCancellation(_stays, 0.01):
            try:
                await _stays()
            except asyncio.CancelledError:
                task = asyncio.current_task()
                assert task is not None
                task.cancel()  # as the server does when it shuts down
                raise

    task = asyncio.create_task(request())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert task.cancelled()


async def _fails_when_it_is_stopped() -> None:
    try:
        await _stays()
    except asyncio.CancelledError:
        raise RuntimeError("of a driver that was interrupted") from None


async def test_the_error_of_a_cancelled_block_is_not_reported() -> None:
    with pytest.raises(DeadlineError), RequestCancellation(_stays, 0.01):
        await _fails_when_it_is_stopped()
    assert _cancellations() == 0


async def test_a_block_that_was_done_all_the_same_is_done() -> None:
    with RequestCancellation(_stays, 0.01), suppress(asyncio.CancelledError):
        await _stays()
    assert _cancellations() == 0
