"""The HTTP server process: its socket, its announcement, and its end when the database goes."""

import errno
import socket
import threading
from collections.abc import Callable, Sequence

import uvicorn
from starlette.types import ASGIApp

from api.http.uvicorn_limits import bounded
from api.http.uvicorn_sockets import MAX_MESSAGE_BYTES, bounded_sockets
from db.settings import OperatorError

DRAIN_SECONDS = 10  # how long running requests may take to end after SIGTERM


def bind(host: str, port: int) -> socket.socket:
    """Take the port before anything slow begins, without listening on it yet."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except socket.gaierror:
        raise OperatorError(f"VRSS_HOST {host} is not an address.") from None
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise OperatorError(f"PORT {port} is taken on {host}: name another, as in PORT={port + 1}.") from None
        raise OperatorError(f"VRSS_HOST {host} and PORT {port} cannot be used: {error.strerror}.") from None
    return listener


def address_of(listener: socket.socket) -> str:
    """The URL under which a browser on this machine finds the server."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, str(host))  # noqa: S104  (compared, not listened on)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


class Server(uvicorn.Server):
    def __init__(
        self,
        app: Callable[[], ASGIApp],
        *,
        announce: Callable[[], None],
        max_header_bytes: int,
        trusted_proxies: Sequence[str] = (),
    ) -> None:
        """`announce` is called once, when requests are answered. `trusted_proxies`: whose X-Forwarded-* is believed."""
        self._make = app
        self._app: ASGIApp | None = None
        super().__init__(
            uvicorn.Config(
                self._made,
                factory=True,
                loop="uvloop",
                http=bounded(max_header_bytes),
                ws=bounded_sockets(),
                ws_max_size=MAX_MESSAGE_BYTES,
                # Ours are messages of the protocol: what uvicorn's end with keeps clients from coming back.
                ws_ping_interval=None,
                ws_per_message_deflate=False,
                log_level="warning",
                access_log=False,
                server_header=False,
                # Said in any case: uvicorn's own default believes whoever connects from this machine.
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=list(trusted_proxies),
                timeout_graceful_shutdown=DRAIN_SECONDS,
            )
        )
        self._announce = announce
        self._failure: str | None = None

    def _made(self) -> ASGIApp:
        self._app = self._make()
        return self._app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        drain: Callable[[], None] | None = getattr(self._app, "drain", None)
        if drain is not None:  # it has answers that would not end by themselves
            drain()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()

    def run_on(self, listener: socket.socket, *, database_gone: Callable[[], str] | None = None) -> None:
        """Answer requests until a signal comes, or until `database_gone` returns the sentence that says why."""
        if database_gone is not None:
            threading.Thread(target=self._end_when, args=(database_gone,), daemon=True).start()
        with listener:
            self.run(sockets=[listener])
        if self._failure is not None:
            raise OperatorError(self._failure)

    def _end_when(self, database_gone: Callable[[], str]) -> None:
        sentence = database_gone()
        if not self.should_exit:
            self._failure = sentence
            self.should_exit = True
