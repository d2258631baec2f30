"""Completing values: from what a field resolved to what the response holds, a column at a time.

A completer gives a list aligned with the values, or a coroutine of it where something is to be awaited. In the list
stand completed values, None for null, and FAILED where a value that may not be null could not be had.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from api.execution.compiled.kinds import Kind, kind_of, kind_of_value
from api.execution.compiled.positions import Positions, SubsetPositions
from api.execution.compiled.run import Failed, Run
from api.execution.compiled.settling import Column, Completed, settled
from api.execution.compiled.sites import Site


class Completer(ABC):
    """Completes the values of one type at one place of a document.

    Most columns hold values of one or two ordinary classes, and a look at the set of their classes is all that they
    need. The others are screened: what is awaited is awaited, nulls and exceptions become what they stand for, and the
    remaining values are presented by themselves.
    """

    def __init__(self, site: Site, *, required: bool) -> None:
        self.site = site
        self.required = required
        # Classes whose values need no screening. Filled as they are met.
        self.ordinary: set[type[Any]] = set()

    @abstractmethod
    def present(self, run: Run, values: Column, positions: Positions) -> Completed:
        """The completed values of a column that holds neither nulls nor exceptions nor awaitables."""

    def complete(self, run: Run, values: Column, positions: Positions) -> Completed:
        types = set(map(type, values))
        if types <= self.ordinary:
            return self.present(run, values, positions) if values else []
        return self._screened(run, values, types, positions)

    def _screened(self, run: Run, values: Column, types: set[type[Any]], positions: Positions) -> Completed:
        worst = max(map(kind_of, types))
        if worst is Kind.PLAIN:
            self.ordinary |= types
            return self.present(run, values, positions)
        if worst is Kind.AWAITABLE:
            return self._awaited(run, values, positions)
        return self.partitioned(run, values, positions, self.present)

    def partitioned(
        self, run: Run, values: Column, positions: Positions, present: Callable[[Run, Column, Positions], Completed]
    ) -> Completed:
        """The plain values presented; exceptions and nulls replaced by what they stand for."""
        completed: Column = [None] * len(values)
        indices: list[int] = []
        for index, value in enumerate(values):
            kind = kind_of_value(value)
            if kind is Kind.PLAIN:
                indices.append(index)
            elif kind is Kind.EXCEPTION:
                completed[index] = self.fail(run, value, positions, index)
            elif self.required:
                completed[index] = self.fail(run, self.site.null(), positions, index)
        if not indices:
            return completed
        if len(indices) == len(values):
            return present(run, values, positions)
        inner = present(run, [values[index] for index in indices], SubsetPositions(positions, indices))
        return scattered(completed, indices, inner) if isinstance(inner, list) else _later(completed, indices, inner)

    async def _awaited(self, run: Run, values: Column, positions: Positions) -> Column:
        completed = self.complete(run, await settled(run.loop, values), positions)
        return completed if isinstance(completed, list) else await completed

    def fail(self, run: Run, error: Exception, positions: Positions, index: int) -> Failed | None:
        return run.fail(error, self.site.nodes, positions, index, required=self.required)


def scattered(completed: Column, indices: Sequence[int], values: Column) -> Column:
    """`completed` with the values at these indices."""
    for index, value in zip(indices, values, strict=True):
        completed[index] = value
    return completed


async def _later(completed: Column, indices: Sequence[int], values: Awaitable[Column]) -> Column:
    return scattered(completed, indices, await values)
