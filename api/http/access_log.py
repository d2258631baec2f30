"""One log line for each request: its id, method and path, outcome and duration."""

import logging
import time
from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.responses import request_id

log = logging.getLogger("vrss.access")

FIELDS = ("request_id", "method", "path", "operation", "status", "codes", "cost", "ms")
"""The fields of a line, as attributes of its log record."""

_LONGEST_NAME = 100  # of an operation or a path, which clients choose
_ID = b"x-request-id"
_KEY = "vrss.line"  # the key of the line in a request's scope


class LogLine:
    """The log line of one request, completed while the request is handled.

    `status` is None until the head of a response has been sent.
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
        if log.isEnabledFor(logging.INFO):
            log.handle(_Record(self, round((time.perf_counter() - self._started) * 1000, 1)))


class _Record(logging.LogRecord):
    """A line as a log record. Made directly: `log.info` looks up its caller, which takes longer than a small request.

    `msg` needs no arguments; every part of it is an attribute as well, for formatters that write those.
    """

    def __init__(self, line: LogLine, milliseconds: float) -> None:  # pyright: ignore[reportMissingSuperCall]
        now = time.time()
        operation = None if line.operation is None else line.operation[:_LONGEST_NAME]
        codes = list(dict.fromkeys(line.codes))
        message = (
            f"{line.method} {line.path} {operation or '-'} status={line.status or 'left'}"
            f" codes={','.join(codes) or '-'} cost={'-' if line.cost is None else line.cost}"
            f" ms={milliseconds} id={line.request_id}"
        )
        self.__dict__ = {
            **_PLAIN,
            "msg": message,
            "created": now,
            "msecs": now % 1 * 1000,
            "request_id": line.request_id,
            "method": line.method,
            "path": line.path,
            "operation": operation,
            "status": line.status,
            "codes": codes,
            "cost": line.cost,
            "ms": milliseconds,
        }

    def getMessage(self) -> str:  # noqa: N802  # logging's name
        return self.msg


_PLAIN = {**vars(logging.makeLogRecord({})), "name": log.name, "levelno": logging.INFO, "levelname": "INFO"}


class AccessLog:
    """Logs a line for each request of an application. The GraphQL endpoint logs its own, with more in it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        line = scope[_KEY] = LogLine(scope["method"], scope["path"])
        given_id = next((value for name, value in scope["headers"] if name == _ID), None)
        try:
            await self._app(scope, receive, line.noting(send, given_id))
        finally:
            line.end()


def note_codes(scope: Scope, codes: Sequence[str]) -> None:
    """Add the codes of a refusal to the line of its request, inside of an AccessLog."""
    line: LogLine | None = scope.get(_KEY)
    if line is not None:
        line.codes = codes


def _shown(path: str) -> str:
    """A path as a log may hold it: on one line, and not too long."""
    return path[:_LONGEST_NAME].encode("unicode_escape").decode("ascii")
