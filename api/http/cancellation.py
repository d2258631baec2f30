"""An eye on a request that takes its time: whether its client is still there, and whether its time is over.

A request runs in the task that the server made for it. Most end within milliseconds and pay for one timer. Only for a
slow one the timer goes off: from then on a second task waits for the client to leave, and another timer for the
deadline. Either stops the request by cancelling its task. A request that has something to say for itself, as a mutation
that has written, is warned at the deadline and has a while to end by itself.
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from starlette.types import Receive

PATIENCE_SECONDS = 0.05


class ClientLeftError(Exception):
    """Nobody waits for the answer any more."""


class DeadlineError(Exception):
    """The request has used up its time."""


class Watch:
    """Within its block the running task ends as soon as the client leaves or the deadline passes.

    Leaving the block then raises ClientLeftError or DeadlineError. The request's body must have been received.
    """

    __slots__ = ("_deadline", "_eye", "_grace", "_loop", "_reason", "_receive", "_task", "_timer", "_warning")

    def __init__(self, receive: Receive, deadline_seconds: float) -> None:
        self._receive = receive
        self._deadline = deadline_seconds
        self._reason: type[Exception] | None = None
        self._eye: asyncio.Task[None] | None = None
        self._warning: Callable[[], None] | None = None
        self._grace = 0.0

    def warn(self, warning: Callable[[], None], grace_seconds: float) -> None:
        """At the deadline call this, and stop the block only when it has not ended some seconds later."""
        self._warning = warning
        self._grace = grace_seconds

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[Any] | None = asyncio.current_task(self._loop)
        first = min(PATIENCE_SECONDS, self._deadline)
        self._timer = self._loop.call_later(first, self._lose_patience, self._deadline - first)
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self._timer.cancel()
        if self._eye is not None:
            self._eye.cancel()
        if self._reason is None or self._task is None:
            return
        cancelled_by_others = self._task.uncancel() > 0
        # What the block failed with comes of the cancelling, even where something on the way has translated it.
        if kind is not None and not cancelled_by_others:
            raise self._reason from None

    def _lose_patience(self, left: float) -> None:
        self._timer = self._loop.call_later(left, self._pass_deadline)
        self._eye = self._loop.create_task(self._see_the_client_leave())

    def _pass_deadline(self) -> None:
        if self._warning is None:
            self._stop(DeadlineError)
        else:
            self._timer = self._loop.call_later(self._grace, self._stop, DeadlineError)
            self._warning()

    async def _see_the_client_leave(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._stop(ClientLeftError)

    def _stop(self, reason: type[Exception]) -> None:
        if self._reason is None and self._task is not None:
            self._reason = reason
            self._task.cancel()
