"""Cancels a request when its client disconnects or its deadline passes.

A request runs in the task that the server made for it. Most end within milliseconds and pay for one timer. Only for a
slow one that timer fires: from then on a second task waits for the client to disconnect, and another timer for the
deadline. Either stops the request by cancelling its task. A request that must still report what it has done, as a
mutation that has written, is warned at the deadline and has some seconds to end by itself.
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from starlette.types import Receive

from api.execution.engine import DeadlineError

WATCH_AFTER_SECONDS = 0.05


class ClientDisconnectedError(Exception):
    """The client has disconnected before the response was sent."""


class RequestCancellation:
    """Cancels the running task within its block when the client disconnects or the deadline passes.

    Leaving the block then raises ClientDisconnectedError or DeadlineError. The request's body must have been received.
    """

    __slots__ = (
        "_deadline",
        "_disconnect_task",
        "_grace",
        "_loop",
        "_reason",
        "_receive",
        "_task",
        "_timer",
        "_warning",
    )

    def __init__(self, receive: Receive, deadline_seconds: float) -> None:
        self._receive = receive
        self._deadline = deadline_seconds
        self._reason: type[Exception] | None = None
        self._disconnect_task: asyncio.Task[None] | None = None
        self._warning: Callable[[], None] | None = None
        self._grace = 0.0

    def warn(self, warning: Callable[[], None], grace_seconds: float) -> None:
        """Call this at the deadline, and cancel the block only if it has not ended `grace_seconds` later."""
        self._warning = warning
        self._grace = grace_seconds

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[Any] | None = asyncio.current_task(self._loop)
        first = min(WATCH_AFTER_SECONDS, self._deadline)
        self._timer = self._loop.call_later(first, self._start_watching, self._deadline - first)
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self._timer.cancel()
        if self._disconnect_task is not None:
            self._disconnect_task.cancel()
        if self._reason is None or self._task is None:
            return
        cancelled_by_others = self._task.uncancel() > 0
        # The block failed because of the cancellation, even where the exception was translated on its way.
        if kind is not None and not cancelled_by_others:
            raise self._reason from None

    def _start_watching(self, left: float) -> None:
        self._timer = self._loop.call_later(left, self._on_deadline)
        self._disconnect_task = self._loop.create_task(self._wait_for_disconnect())

    def _on_deadline(self) -> None:
        if self._warning is None:
            self._stop(DeadlineError)
        else:
            self._timer = self._loop.call_later(self._grace, self._stop, DeadlineError)
            self._warning()

    async def _wait_for_disconnect(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._stop(ClientDisconnectedError)

    def _stop(self, reason: type[Exception]) -> None:
        if self._reason is None and self._task is not None:
            self._reason = reason
            self._task.cancel()
