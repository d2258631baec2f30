"""How many connections wait for live events: they last, so that each caller has some and nobody has all."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from api.http.requests import RETRY_SOON, RequestError


class LiveConnections:
    """WebSockets and streams of server-sent events that are open: of each network address, and in all."""

    def __init__(self, *, of_address: int = 50, in_all: int = 5000) -> None:
        self._of_address = of_address
        self._in_all = in_all
        self._open = Counter[bytes]()

    @property
    def count(self) -> int:
        return self._open.total()

    @contextmanager
    def one_more(self, address: bytes) -> Generator[None]:
        """While it is open. RequestError where there is no room: OVERLOADED in all, RATE_LIMITED for this address."""
        if self.count >= self._in_all:
            raise RequestError(503, "All live connections of this server are taken.", RETRY_SOON, code="OVERLOADED")
        if self._open[address] >= self._of_address:
            message = f"You have {self._of_address} live connections: close some."
            raise RequestError(429, message, RETRY_SOON, code="RATE_LIMITED")
        self._open[address] += 1
        try:
            yield
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]
