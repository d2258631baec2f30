"""What is known in one operation, what is being asked for, and who waits for it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

ValueT = TypeVar("ValueT")


class Waiter(Generic[ValueT]):
    """Who waits for a column, and for how many batches."""

    __slots__ = ("_future", "_keys", "_read", "_values", "batches")

    def __init__(
        self,
        future: asyncio.Future[list[Any]],
        values: Mapping[int | None, ValueT | None],
        keys: Sequence[int | None],
        read: Callable[[Any], Any] | None,
    ) -> None:
        self._future = future
        self._values = values
        self._keys = keys
        self._read = read
        self.batches = 0

    def notify(self, error: BaseException | None = None) -> None:
        """One of the batches is there, or will never be."""
        self.batches -= 1
        if self._future.done():  # given up, or failed with another batch
            return
        if isinstance(error, asyncio.CancelledError):
            self._future.cancel()
        elif error is not None:
            self._future.set_exception(error)
        elif self.batches <= 0:
            values = map(self._values.__getitem__, self._keys)
            try:
                found = list(values if self._read is None else map(self._read, values))
            except Exception as fault:  # noqa: BLE001  # of what was stored: for whoever reads it, and nobody else
                self._future.set_exception(fault)
            else:
                self._future.set_result(found)


class Batch(Generic[ValueT]):
    """Keys that are loaded together into a cache, and who waits for them."""

    __slots__ = ("cache", "keys", "waiters")

    def __init__(self, cache: "Cache[ValueT]") -> None:
        self.cache = cache
        self.keys: list[int] = []
        self.waiters: list[Waiter[ValueT]] = []


class Cache(Generic[ValueT]):
    """The values that are known, the batch of each key that is being asked for, and the batch that is still open."""

    __slots__ = ("batches", "open", "values")

    def __init__(self, values: dict[int | None, ValueT | None]) -> None:
        self.values = values
        self.batches: dict[int | None, Batch[ValueT]] = {}
        self.open: Batch[ValueT] | None = None
