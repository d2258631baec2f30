"""How a field comes by the values of its column: from an attribute, from one call, or from a call for each parent."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from inspect import iscoroutinefunction
from operator import attrgetter
from typing import Any, NamedTuple, cast

from api.execution.columns import PermissionForAll
from api.execution.compiled.arguments import FieldArguments
from api.execution.compiled.completers import Completer
from api.execution.compiled.info import ResolveInfo
from api.execution.compiled.places import AtField, Place, Step
from api.execution.compiled.run import Run
from api.execution.compiled.settling import Column, Completed
from api.execution.compiled.sites import Site


class Field(ABC):
    """A field of a selection set: its response key, and its column for any parents."""

    def __init__(self, site: Site, step: Step, completer: Completer) -> None:
        self.key = str(step.key)
        self.required = step.required
        self.site = site
        self._step = step
        self._completer = completer

    @abstractmethod
    def column(self, run: Run, parents: Column, place: Place) -> Completed:
        """The completed value for each parent."""


class AttributeField(Field):
    """Reads an attribute of each parent."""

    def __init__(self, site: Site, step: Step, completer: Completer, attribute: str) -> None:
        super().__init__(site, step, completer)
        self._attribute = attribute
        self._read = attrgetter(attribute)

    def column(self, run: Run, parents: Column, place: Place) -> Completed:
        try:
            values = list(map(self._read, parents))
        except Exception:  # noqa: BLE001  # some parent is at fault: each answers for itself
            values = list(map(self._read_one, parents))
        return self._completer.complete(run, values, AtField(place, self._step))

    def _read_one(self, parent: object) -> object:
        try:
            return getattr(parent, self._attribute)
        except Exception as error:  # noqa: BLE001  # a property may raise anything
            return error


class Call(NamedTuple):
    """How a function over columns is called, and whose leave it needs."""

    function: Callable[..., Any]
    arguments: FieldArguments
    present_info: Callable[[ResolveInfo], Any]
    guards: Sequence[PermissionForAll]


class ColumnField(Field):
    """Calls a function once for all parents. Whatever it raises is every parent's error."""

    def __init__(self, site: Site, step: Step, completer: Completer, call: Call) -> None:
        super().__init__(site, step, completer)
        self._function, self._arguments, self._present_info, self._guards = call
        self._waits = iscoroutinefunction(call.function)

    def column(self, run: Run, parents: Column, place: Place) -> Completed:
        at = AtField(place, self._step)
        if self._waits:
            return self._awaited(run, parents, at)
        try:
            values = self._checked(self._call(run, parents, at), parents)
        except Exception as error:  # noqa: BLE001  # of the function, whatever it is
            values = [error] * len(parents)
        return self._completer.complete(run, values, at)

    async def _awaited(self, run: Run, parents: Column, at: Place) -> Column:
        try:
            values = self._checked(await self._call(run, parents, at), parents)
        except Exception as error:  # noqa: BLE001  # of the function, whatever it is
            values = [error] * len(parents)
        completed = self._completer.complete(run, values, at)
        return completed if isinstance(completed, list) else await completed

    def _call(self, run: Run, parents: Column, at: Place) -> Any:
        info = self._present_info(ResolveInfo(run, self.site, at, 0))
        for guard in self._guards:
            guard.admit(info)
        return self._function(parents, info, **self._arguments.of(run))

    def _checked(self, values: Any, parents: Column) -> Column:
        if len(values) != len(parents):
            raise ValueError(f"{self.site.coordinate} gave {len(values)} values for {len(parents)} parents")
        return cast("Column", values if isinstance(values, list) else list(values))


class ResolverField(Field):
    """Calls the resolver that graphql-core would call, for each parent."""

    def __init__(
        self, site: Site, step: Step, completer: Completer, resolve: Callable[..., Any], arguments: FieldArguments
    ) -> None:
        super().__init__(site, step, completer)
        self._resolve = resolve
        self._arguments = arguments

    def column(self, run: Run, parents: Column, place: Place) -> Completed:
        at = AtField(place, self._step)
        values: Column = []
        for index, parent in enumerate(parents):
            try:
                info = ResolveInfo(run, self.site, at, index)
                values.append(self._resolve(parent, info, **self._arguments.of(run)))
            except Exception as error:  # noqa: BLE001  # of the resolver, whatever it is
                values.append(error)
        return self._completer.complete(run, values, at)
