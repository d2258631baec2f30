"""The three shapes of a loader. Each batches what one tick asks for into one statement and caches for one operation.

A loader's name is its contract: `UserByIdLoader` gives one row or None, `MediaByPostIdLoader` a list, a loader over a
window a page for each key. Keys go in, values come out in their order, and a missing key is None or an empty list or
page, never an exception.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from operator import attrgetter
from typing import ClassVar, Generic, Protocol, TypeVar

from aiodataloader import DataLoader

from api.pagination import Page, Window, page
from db.pool import Database

ValueT = TypeVar("ValueT")
RowT = TypeVar("RowT")
LinkT = TypeVar("LinkT")


class Sight(Protocol):
    """Who looks, and through which connection."""

    @property
    def viewer_id(self) -> int | None: ...

    @property
    def database(self) -> Database: ...


class _Batch:
    """Keys that are loaded together, and how that ended."""

    def __init__(self) -> None:
        self.keys: list[int] = []
        self.ended = False
        self.error: Exception | None = None
        self.task: asyncio.Task[None] | None = None
        self._waiters: list[asyncio.Future[None]] = []

    def end(self, error: Exception | None = None) -> None:
        self.ended, self.error = True, error
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def wait(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for the end. Each waits by a future of its own, so that one who is cancelled takes nobody along."""
        if not self.ended:
            waiter = loop.create_future()
            self._waiters.append(waiter)
            await waiter
        if self.error is not None:
            raise self.error


class Loader(ABC, Generic[ValueT]):
    """A loader that knows who looks.

    `column` is how executors load: many keys at once, without a future for each. `load`, for resolvers that want one,
    is aiodataloader's, and its batches end up in the same columns.
    """

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self._loop = sight.database.loop  # to ask for the running one is a system call each time
        self._values: dict[int, ValueT] = {}
        self._batch_of: dict[int, _Batch] = {}
        self._open: _Batch | None = None

    @abstractmethod
    async def values(self, keys: list[int]) -> list[ValueT]:
        """The values of these keys, which are all different, in their order."""

    @cached_property
    def _single(self) -> DataLoader[int, ValueT]:
        return DataLoader(self.column, loop=self._loop)

    async def load(self, key: int) -> ValueT:
        """The value of one key."""
        return await self._single.load(key)

    async def column(self, keys: Sequence[int]) -> list[ValueT]:
        """The values of many keys, in their order. What is asked for in one turn of the event loop is one batch."""
        values = self._values
        if missing := set(keys).difference(values):
            await self._load(missing)
        return [values[key] for key in keys]

    async def optional_column(self, keys: Sequence[int | None]) -> list[ValueT | None]:
        """As `column`, with None for a key that is None."""
        values = iter(await self.column([key for key in keys if key is not None]))
        return [None if key is None else next(values) for key in keys]

    async def _load(self, keys: set[int]) -> None:
        under_way = {self._batch_of[key] for key in keys.intersection(self._batch_of)}
        if new := keys.difference(self._batch_of):
            batch = self._opened()
            batch.keys += new
            self._batch_of.update(dict.fromkeys(new, batch))
            under_way.add(batch)
        for batch in under_way:
            await batch.wait(self._loop)

    def _opened(self) -> _Batch:
        if self._open is None:
            self._open = _Batch()
            self._loop.call_soon(self._dispatch, self._open)
        return self._open

    def _dispatch(self, batch: _Batch) -> None:
        self._open = None
        batch.task = self._loop.create_task(self._run(batch))

    async def _run(self, batch: _Batch) -> None:
        """Load a batch. A failure is for those who wait now: who asks again, asks the database again."""
        error: Exception | None = None
        try:
            self._values.update(zip(batch.keys, await self.values(batch.keys), strict=True))
        except Exception as raised:  # noqa: BLE001  # handed to those who wait
            error = raised
        finally:
            for key in batch.keys:
                del self._batch_of[key]
            batch.end(error)


class RowLoader(Loader[RowT | None], Generic[RowT]):
    """One row or None for each key. The rows say their key in `key`."""

    key: ClassVar[str] = "id"

    @abstractmethod
    async def rows(self, keys: list[int]) -> list[RowT]:
        """The rows of these keys, in any order."""

    async def values(self, keys: list[int]) -> list[RowT | None]:
        rows = await self.rows(keys)
        by_key = dict(zip(map(attrgetter(self.key), rows), rows, strict=True))
        return list(map(by_key.get, keys))


class ListLoader(Loader[list[RowT]], Generic[RowT]):
    """All rows of each key, in the statement's order. The rows say their key in `key`."""

    key: ClassVar[str]

    @abstractmethod
    async def rows(self, keys: list[int]) -> list[RowT]:
        """The rows of these keys, ordered within each key."""

    async def values(self, keys: list[int]) -> list[list[RowT]]:
        return grouped(keys, await self.rows(keys), self.key)


class PageLoader(Loader[Page[RowT]], Generic[RowT]):
    """One page for each key, all with the same window. The rows say their key in `owner_id`."""

    def __init__(self, sight: Sight, window: Window) -> None:
        super().__init__(sight)
        self.window = window

    @abstractmethod
    async def rows(self, keys: list[int]) -> list[RowT]:
        """The rows of these keys in the statement's order, one more than the window's limit where there are more."""

    async def values(self, keys: list[int]) -> list[Page[RowT]]:
        return [page(self.window, rows) for rows in grouped(keys, await self.rows(keys), "owner_id")]


def grouped(keys: Sequence[int], rows: Sequence[RowT], key: str) -> list[list[RowT]]:
    groups: defaultdict[int, list[RowT]] = defaultdict(list)
    for owner, row in zip(map(attrgetter(key), rows), rows, strict=True):
        groups[owner].append(row)
    return [groups[key] for key in keys]


async def hydrated(pages: Sequence[Page[LinkT]], key: str, loader: Loader[ValueT | None]) -> list[Page[ValueT]]:
    """Pages of links turned into pages of what they lead to, with one call of the loader for all of them."""
    found = iter(await loader.column([getattr(link, key) for links in pages for link in links.nodes]))
    return [links.hydrated([next(found) for _ in links.nodes]) for links in pages]
