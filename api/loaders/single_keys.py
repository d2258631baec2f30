"""Single keys: a DataLoader of aiodataloader in front of a loader's column, over the same cache."""

from asyncio import CancelledError, Future, gather
from collections import defaultdict
from collections.abc import Iterator, MutableMapping
from itertools import repeat
from typing import TYPE_CHECKING, Any, TypeVar

from aiodataloader import DataLoader

from api.loaders.batches import Batch

if TYPE_CHECKING:
    from api.loaders.base import Loader

ValueT = TypeVar("ValueT")


class _Futures(MutableMapping[int, Future[ValueT]]):
    """The cache of a loader as a DataLoader wants it: of futures.

    Values are kept and futures are not. So each caller waits by a future of its own, and one who gives up takes nobody
    along; and a failure is not kept. What is asked for twice is asked of the database once, since `column` knows it.
    """

    def __init__(self, loader: "Loader[Any, ValueT]") -> None:
        self._loader = loader

    def __getitem__(self, key: int) -> Future[ValueT]:
        value = self._loader.cache.values[key]
        future: Future[Any] = self._loader.loop.create_future()
        future.set_result(value)
        return future

    def __contains__(self, key: object) -> bool:
        cache = self._loader.cache
        return key in cache.values or key in cache.batches

    def __setitem__(self, key: int, future: Future[ValueT]) -> None:
        if future.done():  # the value was given; an error is raised
            self._loader.cache.values[key] = future.result()

    def __delitem__(self, key: int) -> None:
        self._loader.forget(key)

    def pop(self, key: int, default: Any = None, /) -> Any:
        """Forget the value, also one that is on its way."""
        found = self.get(key, default)
        del self[key]
        return found

    def __iter__(self) -> Iterator[int]:
        return (key for key in self._loader.cache.values if key is not None)

    def __len__(self) -> int:
        return len(self._loader.cache.values) - 1  # None is always known


class SingleKeys(DataLoader[int, ValueT]):
    """The DataLoader of a loader. It holds the loader, which holds it weakly, and lives while somebody waits."""

    def __init__(self, loader: "Loader[Any, ValueT]") -> None:
        super().__init__(cache_map=_Futures(loader), loop=loader.loop)
        self._loader = loader
        self._waiting: list[Future[ValueT]] = []  # for the keys of the next batch, in their order

    def load(self, key: int) -> Future[ValueT]:
        future = super().load(key)
        if not future.done():
            self._waiting.append(future)
        return future

    async def batch_load_fn(self, keys: list[int]) -> list[ValueT]:
        """The values of the keys, each with the error that there was instead.

        Keys that are on their way already are columns of their own: they may fail where the others do not.
        """
        waiting, self._waiting = self._waiting[: len(keys)], self._waiting[len(keys) :]
        groups: defaultdict[Batch[ValueT] | None, list[int]] = defaultdict(list)
        for key in keys:
            groups[self._loader.cache.batches.get(key)].append(key)
        columns = await gather(*map(self._loader.column, groups.values()), return_exceptions=True)
        values: dict[int, Any] = {}
        for group, column in zip(groups.values(), columns, strict=True):
            values.update(zip(group, column if isinstance(column, list) else repeat(column), strict=False))
        for key, future in zip(keys, waiting, strict=True):
            if isinstance(values[key], CancelledError):  # which aiodataloader would take for a value
                future.cancel()
        return [values[key] for key in keys]
