"""How a field comes by the values of its column: from an attribute, from one call, or from a call for each parent."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple, cast

from graphql import GraphQLError

from api.execution.columns import PermissionForAll
from api.execution.compiled.arguments import FieldArguments
from api.execution.compiled.completers import Completer
from api.execution.compiled.info import ResolveInfo
from api.execution.compiled.positions import FieldPositions, Positions, Step
from api.execution.compiled.run import Run
from api.execution.compiled.settling import Column, Completed
from api.execution.compiled.sites import Site


class Field(ABC):
    """A field of a selection set: its response key, and its column for any parents."""

    def __init__(self, site: Site, step: Step, completer: Completer) -> None:
        self.key = str(step.key)
        self.required = step.required
        self.site = site
        self.step = step
        self._completer = completer

    def not_run(self, run: Run, stopped: GraphQLError, positions: Positions) -> Column:
        """The column of one parent, after the operation has been stopped."""
        error = GraphQLError(stopped.message, extensions=stopped.extensions)
        at = FieldPositions(positions, self.step)
        return [run.fail(error, self.site.nodes, at, 0, required=self.required)]

    @abstractmethod
    def column(self, run: Run, parents: Column, positions: Positions) -> "Completed | Loading":
        """The completed value for each parent."""


class AttributeField(Field):
    """Reads an attribute of each parent."""

    def __init__(self, site: Site, step: Step, completer: Completer, attribute: str) -> None:
        super().__init__(site, step, completer)
        self._attribute = attribute
        self._read = attrgetter(attribute)

    def column(self, run: Run, parents: Column, positions: Positions) -> Completed:
        try:
            values = list(map(self._read, parents))
        except Exception:  # noqa: BLE001  # some parent is at fault: each answers for itself
            values = list(map(self._read_one, parents))
        return self._completer.complete(run, values, FieldPositions(positions, self.step))

    def _read_one(self, parent: object) -> object:
        try:
            return getattr(parent, self._attribute)
        except Exception as error:  # noqa: BLE001  # a property may raise anything
            return error


class Call(NamedTuple):
    """How a function over columns is called, and which permissions it needs."""

    function: Callable[..., Any]
    arguments: FieldArguments
    present_info: Callable[[ResolveInfo], Any]
    guards: Sequence[PermissionForAll]


class Loading(NamedTuple):
    """A column under way: a future that needs no task to come, and what to do with it then."""

    field: "ColumnField"
    values: "asyncio.Future[Any]"
    size: int
    positions: Positions

    def completed(self, run: Run) -> Completed:
        return self.field.loaded(run, self.values, self.size, self.positions)


class ColumnField(Field):
    """Calls a function once for all parents. Whatever it raises is every parent's error."""

    def __init__(self, site: Site, step: Step, completer: Completer, call: Call) -> None:
        super().__init__(site, step, completer)
        self._function, self._arguments, self._present_info, self._guards = call

    def column(self, run: Run, parents: Column, positions: Positions) -> Completed | Loading:
        at = FieldPositions(positions, self.step)
        try:
            info = self._present_info(ResolveInfo(run, self.site, at, 0))
            for guard in self._guards:
                guard.require(info)
            values: object = self._function(parents, info, **self._arguments.of(run))
        except Exception as error:  # noqa: BLE001  # of the function, whatever it is
            return self._completer.complete(run, [error] * len(parents), at)
        if type(values) is list:  # a look at an abstract class is dear
            return self._checked(run, cast("Column", values), len(parents), at)
        if isinstance(values, asyncio.Future):
            return Loading(self, values, len(parents), at)
        if isinstance(values, Awaitable):
            return self._awaited(run, cast("Awaitable[Any]", values), len(parents), at)
        return self._checked(run, cast("Sequence[Any]", values), len(parents), at)

    async def _awaited(self, run: Run, values: Awaitable[Any], size: int, at: Positions) -> Column:
        try:
            found = await values
        except Exception as error:  # noqa: BLE001  # of the function, whatever it is
            found = [error] * size
        completed = self._checked(run, found, size, at)
        return completed if isinstance(completed, list) else await completed

    def loaded(self, run: Run, values: "asyncio.Future[Any]", size: int, at: Positions) -> Completed:
        """The completed values of a column that has come, or failed to."""
        try:
            found = values.result()
        except Exception as error:  # noqa: BLE001  # of the function, whatever it is
            found = [error] * size
        return self._checked(run, found, size, at)

    def _checked(self, run: Run, values: Sequence[Any], size: int, at: Positions) -> Completed:
        try:
            column = values if isinstance(values, list) else list(values)
            if len(column) != size:
                raise ValueError(f"{self.site.coordinate} gave {len(column)} values for {size} parents")  # noqa: TRY301
        except Exception as error:  # noqa: BLE001  # no column at all, or not one for these parents
            column = [error] * size
        return self._completer.complete(run, column, at)


class ResolverField(Field):
    """Calls the resolver that graphql-core would call, for each parent."""

    def __init__(
        self, site: Site, step: Step, completer: Completer, resolve: Callable[..., Any], arguments: FieldArguments
    ) -> None:
        super().__init__(site, step, completer)
        self._resolve = resolve
        self._arguments = arguments

    def column(self, run: Run, parents: Column, positions: Positions) -> Completed:
        at = FieldPositions(positions, self.step)
        values: Column = []
        for index, parent in enumerate(parents):
            try:
                info = ResolveInfo(run, self.site, at, index)
                values.append(self._resolve(parent, info, **self._arguments.of(run)))
            except Exception as error:  # noqa: BLE001  # of the resolver, whatever it is
                values.append(error)
        return self._completer.complete(run, values, at)
