"""One line in the log for each request: its id, what it asked for, what came of it, and how long it took."""

import logging
import time
from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.answers import request_id

log = logging.getLogger("vrss.access")

_LONGEST_NAME = 100  # of an operation or a path, which clients choose
_ID = b"x-request-id"
_KEY = "vrss.line"  # where the scope of a request has its line


class Line:
    """The line of one request, which its parts are added to while it is answered.

    `status` is None until the head of an answer has been sent.
    """

    __slots__ = ("_started", "codes", "cost", "method", "operation", "path", "request_id", "status")

    def __init__(self, method: str, path: str) -> None:
        self.method = method
        self.path = _shown(path)
        self.status: int | None = None
        self.request_id = "-"
        self.operation: str | None = None
        self.codes: Sequence[str] = ()
        self.cost: int | None = None
        self._started = time.perf_counter()

    def noting(self, send: Send, given_id: bytes | None) -> Send:
        """As `send`. Notes the status and the id of the answer, which gets an id if it has none."""
        given = request_id(given_id)
        self.request_id = given.decode()

        async def noting(message: Message) -> None:
            if message["type"] != "http.response.start":
                await send(message)
                return
            headers = message.get("headers", ())
            own = next((value for name, value in headers if name == _ID), None)
            if own is None:
                message = {**message, "headers": (*headers, (_ID, given))}
            else:
                self.request_id = own.decode("latin-1")
            await send(message)
            self.status = message["status"]

        return noting

    def end(self) -> None:
        """Write the line."""
        if not log.isEnabledFor(logging.INFO):
            return
        milliseconds = round((time.perf_counter() - self._started) * 1000, 1)
        operation = None if self.operation is None else self.operation[:_LONGEST_NAME]
        codes = list(dict.fromkeys(self.codes))
        fields = {
            "request_id": self.request_id,
            "method": self.method,
            "path": self.path,
            "operation": operation,
            "status": self.status,
            "codes": codes,
            "cost": self.cost,
            "ms": milliseconds,
        }
        log.info(
            "%s %s %s status=%s codes=%s cost=%s ms=%s id=%s",
            self.method,
            self.path,
            operation or "-",
            "left" if self.status is None else self.status,
            ",".join(codes) or "-",
            "-" if self.cost is None else self.cost,
            milliseconds,
            self.request_id,
            extra=fields,
        )


class AccessLog:
    """An application whose requests leave a line each. The GraphQL endpoint writes its own, which says more."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        line = scope[_KEY] = Line(scope["method"], scope["path"])
        given_id = next((value for name, value in scope["headers"] if name == _ID), None)
        try:
            await self._app(scope, receive, line.noting(send, given_id))
        finally:
            line.end()


def note_codes(scope: Scope, codes: Sequence[str]) -> None:
    """Add the codes of a refusal to the line of its request, inside of an AccessLog."""
    line: Line | None = scope.get(_KEY)
    if line is not None:
        line.codes = codes


def _shown(path: str) -> str:
    """A path as a log may hold it: on one line, and not too long."""
    return path[:_LONGEST_NAME].encode("unicode_escape").decode("ascii")
