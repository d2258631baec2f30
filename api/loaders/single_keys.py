"""Single keys: a DataLoader of aiodataloader in front of a loader's column, over the same cache."""

from asyncio import CancelledError, Future
from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from aiodataloader import DataLoader

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
        """The values of the keys, or for each key the error that there was instead."""
        waiting, self._waiting = self._waiting[: len(keys)], self._waiting[len(keys) :]
        try:
            return await self._loader.column(keys)
        except CancelledError:  # which aiodataloader does not hand on
            for future in waiting:
                future.cancel()
            raise
        except Exception as error:  # noqa: BLE001  # handed to those who wait
            del waiting  # the error knows this frame and the futures know the error
            return cast("list[ValueT]", [error] * len(keys))
