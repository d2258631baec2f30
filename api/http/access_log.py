"""One line in the log for each request: its id, what it asked for, what came of it, and how long it took."""

import logging
import time
from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("vrss.access")

_LONGEST_NAME = 100  # of an operation or a path, which clients choose


class Line:
    """The line of one request, which its parts are added to while it is answered."""

    __slots__ = ("_started", "codes", "cost", "method", "operation", "path", "request_id")

    def __init__(self, method: str, path: str) -> None:
        self.method = method
        self.path = path
        self.request_id = "-"
        self.operation: str | None = None
        self.codes: Sequence[str] = ()
        self.cost: int | None = None
        self._started = time.perf_counter()

    def end(self, status: int | None) -> None:
        """Write the line. `status` is None when the client left before there was an answer."""
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
            "status": status,
            "codes": codes,
            "cost": self.cost,
            "ms": milliseconds,
        }
        log.info(
            "%s %s %s status=%s codes=%s cost=%s ms=%s id=%s",
            self.method,
            self.path,
            operation or "-",
            "left" if status is None else status,
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
        line = Line(scope["method"], _shown(scope["path"]))
        status: int | None = None

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                line.request_id = _header(message, b"x-request-id") or "-"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            line.end(status)


def _shown(path: str) -> str:
    """A path as a log may hold it: on one line, and not too long."""
    return path[:_LONGEST_NAME].encode("unicode_escape").decode("ascii")


def _header(message: Message, wanted: bytes) -> str | None:
    return next((value.decode("latin-1") for name, value in message.get("headers", ()) if name == wanted), None)
