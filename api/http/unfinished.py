"""Limits how many bytes of unfinished request bodies the process holds."""

from typing import Protocol

MAX_UNFINISHED_BYTES = 64 * 1024 * 1024
REFUSED = "vrss.body_refused"
"""In the scope of a request whose body is not to be read to its end."""
STREAMED = "vrss.body_streamed"
"""In the scope of a request whose body is passed on as it comes, and held nowhere."""


class Sender(Protocol):
    """A connection that is sending a body."""

    def refuse_body(self) -> None:
        """Let its request be refused, and the connection be closed."""
        ...


class UnfinishedBodies:
    """The connections that are sending a body, with the bytes received of each, oldest first.

    While all of them together hold more than `max_bytes`, the oldest is refused: an honest client has sent its body
    long before so many bytes of others have arrived.
    """

    def __init__(self, *, max_bytes: int = MAX_UNFINISHED_BYTES) -> None:
        self._max_bytes = max_bytes
        self._sizes: dict[Sender, int] = {}
        self._total = 0

    @property
    def count(self) -> int:
        return len(self._sizes)

    @property
    def total(self) -> int:
        """The bytes received of all of them."""
        return self._total

    def grow(self, sender: Sender, size: int) -> None:
        """Record that `size` bytes of this connection's body have been received by now."""
        self._total += size - self._sizes.get(sender, 0)
        self._sizes[sender] = size
        while len(self._sizes) > 1 and self._total > self._max_bytes:
            oldest = next(iter(self._sizes))
            self.end(oldest)
            oldest.refuse_body()

    def end(self, sender: Sender) -> None:
        """The body is complete, or its request has been answered or cancelled."""
        self._total -= self._sizes.pop(sender, 0)
