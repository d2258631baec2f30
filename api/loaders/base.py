"""The three shapes of a loader. Each batches what one tick asks for into one statement and caches for one operation.

A loader's name is its contract: `UserByIdLoader` gives one row or None, `MediaByPostIdLoader` a list, a loader over a
window a page for each key. Keys go in, values come out in their order, and a missing key is None or an empty list or
page, never an exception.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, ClassVar, Generic, Self, TypeVar, cast, overload
from weakref import ref

from api.gql import pagination
from api.gql.pagination import Page, Window
from api.gql.visibility import Sight
from api.loaders.batches import Batch, Cache, Waiter
from api.loaders.single_keys import SingleKeys

ValueT = TypeVar("ValueT")
RowT = TypeVar("RowT")
LinkT = TypeVar("LinkT")
ReadT = TypeVar("ReadT")


class Loader(ABC, Generic[RowT, ValueT]):
    """A loader that knows who looks: from keys to rows of a statement, and from those to a value for each key.

    Executors load by `column`, without a future for each key. `load`, `load_many`, `prime` and `clear`, for whoever has
    single keys, are aiodataloader's: its batches are columns, and both have one cache.
    """

    _single_keys: "ref[SingleKeys[ValueT]] | None" = None

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self.loop = sight.database.loop  # to ask for the running one is a system call each time
        self.cache: Cache[ValueT] = Cache({None: None})

    @abstractmethod
    def rows(self, keys: list[int]) -> asyncio.Future[list[RowT]]:
        """Ask for the rows of these keys, which are all different."""

    def nothing(self) -> asyncio.Future[list[RowT]]:
        """No rows, for one who need not ask."""
        future: asyncio.Future[list[RowT]] = self.loop.create_future()
        future.set_result([])
        return future

    @abstractmethod
    def values(self, keys: list[int], rows: list[RowT]) -> Iterable[ValueT]:
        """The values of these keys, in their order."""

    def load(self, key: int) -> asyncio.Future[ValueT]:
        """The value of one key."""
        return self._data_loader().load(key)

    def load_many(self, keys: Iterable[int]) -> asyncio.Future[list[ValueT]]:
        """The values of these keys, in their order."""
        return self._data_loader().load_many(keys)

    def prime(self, key: int, value: ValueT) -> Self:
        """Give the value of a key that is neither known nor being asked for."""
        self._data_loader().prime(key, value)
        return self

    def clear(self, key: int) -> Self:
        """Forget the value of a key: it is asked for anew."""
        self._data_loader().clear(key)
        return self

    def _data_loader(self) -> SingleKeys[ValueT]:
        """Made when it is needed. Only those who wait hold it, or it and this loader would be a cycle."""
        found = self._single_keys and self._single_keys()
        if found is None:
            found = SingleKeys(self)
            self._single_keys = ref(found)
        return found

    @overload  # the narrower case first, which overlaps on purpose
    def column(  # pyright: ignore[reportOverlappingOverload]
        self, keys: Sequence[int]
    ) -> asyncio.Future[list[ValueT]]: ...

    @overload
    def column(self, keys: Sequence[int | None]) -> asyncio.Future[list[ValueT | None]]: ...

    @overload
    def column(self, keys: Sequence[int], read: Callable[[ValueT], ReadT]) -> asyncio.Future[list[ReadT]]: ...

    def column(self, keys: Sequence[int | None], read: Callable[[Any], Any] | None = None) -> asyncio.Future[list[Any]]:
        """The values of many keys, in their order, or what `read` takes of each. Of a key that is None, it is None.

        What is asked for in one turn of the event loop is one batch.
        """
        future: asyncio.Future[list[Any]] = self.loop.create_future()
        values = self.cache.values
        waiter = Waiter(future, values, keys, read)
        if missing := set(keys).difference(values):
            self._ask(missing, waiter)
        else:
            waiter.notify()
        return future

    def forget(self, key: int) -> None:
        """Drop the value of a key. One that is on its way is for those who wait for it already, and is not kept."""
        if key in self.cache.batches:
            self.cache = Cache(self.cache.values.copy())
        self.cache.values.pop(key, None)

    def _ask(self, missing: set[int | None], waiter: Waiter[ValueT]) -> None:
        cache = self.cache
        under_way = cache.batches
        new = missing.difference(under_way)
        batches = {under_way[key] for key in missing.difference(new)}
        if new:
            if cache.open is None:
                cache.open = Batch(cache)
                self.loop.call_soon(self._dispatch, cache.open)
            cache.open.keys += cast("set[int]", new)  # None is known from the beginning
            under_way.update(dict.fromkeys(new, cache.open))
            batches.add(cache.open)
        waiter.batches = len(batches)
        for batch in batches:
            batch.waiters.append(waiter)

    def _dispatch(self, batch: Batch[ValueT]) -> None:
        batch.cache.open = None
        try:
            arriving = self.rows(batch.keys)
        except Exception as error:  # noqa: BLE001  # handed to those who wait
            self._end(batch, error)
        else:
            arriving.add_done_callback(partial(self._arrive, batch))

    def _arrive(self, batch: Batch[ValueT], arriving: asyncio.Future[list[RowT]]) -> None:
        if arriving.cancelled():
            self._end(batch, asyncio.CancelledError())
            return
        error = arriving.exception()
        if error is None:
            try:
                values = self.values(batch.keys, arriving.result())
                batch.cache.values.update(zip(batch.keys, values, strict=True))
            except Exception as raised:  # noqa: BLE001  # handed to those who wait
                error = raised
        self._end(batch, error)

    def _end(self, batch: Batch[ValueT], error: BaseException | None) -> None:
        """A failure is for those who wait now: a later request queries the database again."""
        under_way = batch.cache.batches
        for key in batch.keys:
            del under_way[key]
        for waiter in batch.waiters:
            waiter.notify(error)


class RowLoader(Loader[RowT, RowT | None], Generic[RowT]):
    """One row or None for each key. The rows say their key in `key`."""

    key: ClassVar[str] = "id"

    def values(self, keys: list[int], rows: list[RowT]) -> Iterable[RowT | None]:
        by_key = dict(zip(map(attrgetter(self.key), rows), rows, strict=True))
        return map(by_key.get, keys)


class ListLoader(Loader[RowT, list[RowT]], Generic[RowT]):
    """All rows of each key, in the statement's order. The rows say their key in `key`."""

    key: ClassVar[str]

    def values(self, keys: list[int], rows: list[RowT]) -> Iterable[list[RowT]]:
        return grouped(keys, rows, self.key)


class SetLoader(Loader[RowT, frozenset[str]], Generic[RowT]):
    """A set of words for each key. The rows say their key in `key`, and one word in `word`."""

    key: ClassVar[str]
    word: ClassVar[str]

    def values(self, keys: list[int], rows: list[RowT]) -> Iterable[frozenset[str]]:
        words = attrgetter(self.word)
        return [frozenset(map(words, found)) for found in grouped(keys, rows, self.key)]


class PageLoader(Loader[RowT, Page[RowT]], Generic[RowT]):
    """One page for each key, all with the same window, whose statement gives one row more where there are more.

    The rows say their key in `owner_id`.
    """

    def __init__(self, sight: Sight, window: Window) -> None:
        super().__init__(sight)
        self.window = window
        self._outside = _Outside(type(self), sight)

    def values(self, keys: list[int], rows: list[RowT]) -> Iterable[Page[RowT]]:
        ask = self._outside.has_row
        return pagination.pages(self.window, grouped(keys, rows, "owner_id"), [partial(ask, key) for key in keys])


class _Outside:
    """Whether a list has a row outside of a page: one statement for the pages of all keys that ask at once.

    The pages hold this, and not the loader that holds them: a circle would be the garbage collector's to find.
    """

    def __init__(self, kind: type[PageLoader[Any]], sight: Sight) -> None:
        self._kind = kind
        self._sight = sight
        self._loaders: dict[Window, PageLoader[Any]] = {}

    async def has_row(self, key: int, window: Window) -> bool:
        loader = self._loaders.get(window)
        if loader is None:
            loader = self._loaders[window] = self._kind(self._sight, window)
        return (await loader.load(key)).more


def grouped(keys: Sequence[int], rows: Sequence[RowT], key: str) -> list[list[RowT]]:
    groups: defaultdict[int, list[RowT]] = defaultdict(list)
    for owner, row in zip(map(attrgetter(key), rows), rows, strict=True):
        groups[owner].append(row)
    return [groups[key] for key in keys]


async def hydrated(pages: Sequence[Page[LinkT]], key: str, loader: Loader[Any, ValueT | None]) -> list[Page[ValueT]]:
    """Pages of links turned into pages of what they lead to, with one call of the loader for all of them."""
    found = iter(await loader.column([getattr(link, key) for links in pages for link in links.nodes]))
    return [links.hydrated([next(found) for _ in links.nodes]) for links in pages]
