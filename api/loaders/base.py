"""The three shapes of a loader. Each batches what one tick asks for into one statement and caches for one operation.

A loader's name is its contract: `UserByIdLoader` gives one row or None, `MediaByPostIdLoader` a list, a loader over a
window a page for each key. Keys go in, values come out in their order, and a missing key is None or an empty list or
page, never an exception.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, Protocol, TypeVar

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


class Loader(DataLoader[int, ValueT], Generic[ValueT]):
    """A loader that knows who looks."""

    def __init__(self, sight: Sight) -> None:
        super().__init__()
        self.sight = sight

    async def column(self, keys: Sequence[int]) -> list[ValueT]:
        """The values of many keys, in their order."""
        return await self.load_many(keys)

    async def optional_column(self, keys: Sequence[int | None]) -> list[ValueT | None]:
        """As `column`, with None for a key that is None."""
        known = [key for key in keys if key is not None]
        values = iter(await self.load_many(known))
        return [None if key is None else next(values) for key in keys]


class RowLoader(ABC, Loader[RowT | None], Generic[RowT]):
    """One row or None for each key. The rows say their key in `key`."""

    key: ClassVar[str] = "id"

    @abstractmethod
    async def rows(self, keys: list[int]) -> list[RowT]:
        """The rows of these keys, in any order."""

    async def batch_load_fn(self, keys: list[int]) -> list[RowT | None]:
        by_key = {getattr(row, self.key): row for row in await self.rows(keys)}
        return [by_key.get(key) for key in keys]


class ListLoader(ABC, Loader[list[RowT]], Generic[RowT]):
    """All rows of each key, in the statement's order. The rows say their key in `key`."""

    key: ClassVar[str]

    @abstractmethod
    async def rows(self, keys: list[int]) -> list[RowT]:
        """The rows of these keys, ordered within each key."""

    async def batch_load_fn(self, keys: list[int]) -> list[list[RowT]]:
        return grouped(keys, await self.rows(keys), self.key)


class PageLoader(ABC, Loader[Page[RowT]], Generic[RowT]):
    """One page for each key, all with the same window. The rows say their key in `owner_id`."""

    def __init__(self, sight: Sight, window: Window) -> None:
        super().__init__(sight)
        self.window = window

    @abstractmethod
    async def rows(self, keys: list[int]) -> list[RowT]:
        """The rows of these keys in the statement's order, one more than the window's limit where there are more."""

    async def batch_load_fn(self, keys: list[int]) -> list[Page[RowT]]:
        return [page(self.window, rows) for rows in grouped(keys, await self.rows(keys), "owner_id")]


def grouped(keys: Sequence[int], rows: Sequence[RowT], key: str) -> list[list[RowT]]:
    groups: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return [groups[key] for key in keys]


async def hydrated(pages: Sequence[Page[LinkT]], key: str, loader: Loader[ValueT | None]) -> list[Page[ValueT]]:
    """Pages of links turned into pages of what they lead to, with one call of the loader for all of them."""
    found = iter(await loader.column([getattr(link, key) for links in pages for link in links.nodes]))
    return [links.hydrated([next(found) for _ in links.nodes]) for links in pages]
