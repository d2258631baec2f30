"""Limits how long responses may wait to be read by their clients, and their bytes in total."""

import asyncio
from collections import OrderedDict

WRITE_SECONDS = 30.0
MAX_WAITING_BYTES = 64 * 1024 * 1024


class UnreadResponses:
    """The connections whose responses have not been read, oldest first.

    Each is closed when its client has not read in time, and the oldest ones earlier when all of them together hold too
    many bytes.
    """

    def __init__(self, *, seconds: float = WRITE_SECONDS, max_bytes: int = MAX_WAITING_BYTES) -> None:
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._waiting: OrderedDict[asyncio.Transport, asyncio.TimerHandle] = OrderedDict()

    @property
    def count(self) -> int:
        return len(self._waiting)

    def begin(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """More was written to this connection than its client has read."""
        if transport in self._waiting:
            return
        self._waiting[transport] = loop.call_later(self._seconds, self._abort, transport)
        while len(self._waiting) > 1 and self._bytes() > self._max_bytes:
            self._abort(next(iter(self._waiting)))

    def end(self, transport: asyncio.Transport) -> None:
        """The client has caught up, or disconnected."""
        timer = self._waiting.pop(transport, None)
        if timer is not None:
            timer.cancel()

    def _bytes(self) -> int:
        return sum(transport.get_write_buffer_size() for transport in self._waiting)

    def _abort(self, transport: asyncio.Transport) -> None:
        self.end(transport)
        transport.abort()
