"""Lists: flattened, completed as one column, and cut up again."""

# graphql-core's types and type guards are generic in what nothing here looks into.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from collections.abc import AsyncIterable, Awaitable, Iterable, Sequence
from itertools import accumulate, chain
from typing import Any, cast

from graphql import GraphQLError
from graphql.pyutils import is_async_iterable, is_iterable

from api.execution.compiled.completers import Completer
from api.execution.compiled.positions import ItemPositions, Positions
from api.execution.compiled.run import FAILED, Run
from api.execution.compiled.settling import Column, Completed, all_of
from api.execution.compiled.sites import Site

_SEQUENCES: set[type] = {list, tuple}


class ListCompleter(Completer):
    def __init__(self, site: Site, items: Completer, *, required: bool) -> None:
        super().__init__(site, required=required)
        self._items = items

    def present(self, run: Run, values: Column, positions: Positions) -> Completed:
        if set(map(type, values)) <= _SEQUENCES:
            return self._flattened(run, values, positions)
        if any(map(is_async_iterable, values)):
            return self._collected(run, values, positions)
        return self._iterated(run, values, positions)

    def _flattened(self, run: Run, lists: Sequence[Sequence[Any]], positions: Positions) -> Completed:
        flat = list(chain.from_iterable(lists))
        lengths = list(map(len, lists))
        if not flat:
            return [[] for _ in lists]
        completed = self._items.complete(run, flat, ItemPositions(positions, lengths, required=self._items.required))
        if isinstance(completed, list):
            return self._cut(run, completed, lengths)
        return self._cut_later(run, completed, lengths)

    def _cut(self, run: Run, items: Column, lengths: Sequence[int]) -> Column:
        ends = list(accumulate(lengths))
        lists: Column = list(map(items.__getitem__, map(slice, [0, *ends], ends)))
        if run.broken and self._items.required:
            # FAILED is looked for by identity: the items may compare equal to anything.
            null = FAILED if self.required else None
            return [null if any(item is FAILED for item in items) else items for items in lists]
        return lists

    async def _cut_later(self, run: Run, completed: Awaitable[Column], lengths: Sequence[int]) -> Column:
        return self._cut(run, await completed, lengths)

    def _iterated(self, run: Run, values: Column, positions: Positions) -> Completed:
        return self.partitioned(run, list(map(self._iterate, values)), positions, self._flattened)

    def _iterate(self, value: object) -> list[Any] | Exception:
        """The items of any iterable, or the exception that ended it."""
        if isinstance(value, Exception):
            return value
        if not is_iterable(value):
            return GraphQLError(f"Expected Iterable, but did not find one for field '{self.site.coordinate}'.")
        try:
            return list(cast("Iterable[Any]", value))
        except Exception as error:  # noqa: BLE001  # of the iterable, whatever it is
            return error

    async def _collected(self, run: Run, values: Column, positions: Positions) -> Column:
        completed = self._iterated(run, await all_of(run.loop, [_collect(value) for value in values]), positions)
        return completed if isinstance(completed, list) else await completed


async def _collect(value: object) -> object:
    """All items of an async iterable, or the exception that ended it; anything else as it is."""
    if not is_async_iterable(value):
        return value
    try:
        return [item async for item in cast("AsyncIterable[Any]", value)]
    except Exception as error:  # noqa: BLE001  # one value's failure is that value's alone
        return error
