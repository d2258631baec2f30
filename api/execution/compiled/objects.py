"""Objects: their type, and the selection set that runs on them."""

# graphql-core's types and type guards are generic in what nothing here looks into.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    is_object_type,
)
from graphql.execution.executor import default_type_resolver
from graphql.pyutils import inspect

from api.execution.columns import presented_classes
from api.execution.compiled.completers import Completer, scattered
from api.execution.compiled.info import ResolveInfo
from api.execution.compiled.kinds import Kind, kind_of_value
from api.execution.compiled.positions import Positions, SubsetPositions
from api.execution.compiled.run import FAILED, Run
from api.execution.compiled.settling import Column, Completed, all_of, settled
from api.execution.compiled.sites import Site


class Selection(Protocol):
    """The fields that a document selects on objects of one type."""

    def rows(self, run: Run, parents: Column, positions: Positions) -> Completed:
        """The response's object for each parent; FAILED for one with a field that may not be null and failed."""
        ...


SelectionOf = Callable[[GraphQLObjectType], Selection]


class TypeCheckingCompleter(Completer):
    """Checks the type of each value first, by functions of the schema that may have to be awaited."""

    @abstractmethod
    def check_type(self, value: Any, info: Any) -> Any:
        """The schema's verdict on a value, or an awaitable of it."""

    @abstractmethod
    def complete_checked(self, run: Run, values: Column, verdicts: Column, positions: Positions) -> Completed:
        """The completed values. A verdict is an exception where the check failed."""

    def check_all(self, run: Run, values: Column, positions: Positions) -> Completed:
        verdicts: Column = []
        for index, value in enumerate(values):
            try:
                verdicts.append(self.check_type(value, ResolveInfo(run, self.site, positions, index)))
            except Exception as error:  # noqa: BLE001  # of the schema's function, whatever it is
                verdicts.append(error)
        if any(kind_of_value(verdict) is Kind.AWAITABLE for verdict in verdicts):
            return self._complete_checked_later(run, values, verdicts, positions)
        return self.complete_checked(run, values, verdicts, positions)

    async def _complete_checked_later(self, run: Run, values: Column, verdicts: Column, positions: Positions) -> Column:
        completed = self.complete_checked(run, values, await settled(run.loop, verdicts), positions)
        return completed if isinstance(completed, list) else await completed


class ObjectCompleter(TypeCheckingCompleter):
    """Values of an object type. Those whose class is known to be of this type are not checked one by one."""

    def __init__(
        self, site: Site, type_: GraphQLObjectType, selection: Selection, points: int, *, required: bool
    ) -> None:
        """`points` are what each of them costs."""
        super().__init__(site, required=required)
        self._type = type_
        self._selection = selection
        self._points = points
        self._classes = presented_classes(type_)

    def present(self, run: Run, values: Column, positions: Positions) -> Completed:
        if self._type.is_type_of is None or all(issubclass(type_, self._classes) for type_ in set(map(type, values))):
            return self._rows(run, values, positions)
        return self.check_all(run, values, positions)

    def check_type(self, value: Any, info: Any) -> Any:
        assert self._type.is_type_of is not None  # noqa: S101  # `present` has looked
        return self._type.is_type_of(value, info)

    def complete_checked(self, run: Run, values: Column, verdicts: Column, positions: Positions) -> Completed:
        return self.partitioned(run, list(map(self._checked_value, values, verdicts)), positions, self._rows)

    def _checked_value(self, value: Any, verdict: Any) -> Any:
        if isinstance(verdict, Exception):
            return verdict
        if verdict:
            return value
        return GraphQLError(f"Expected value of type '{self._type}' but got: {inspect(value)}.", self.site.nodes)

    def _rows(self, run: Run, values: Column, positions: Positions) -> Completed:
        if self._points and run.is_beyond(self._points * len(values)):
            return self._nulled(run, run.stop(self.site.nodes, positions, len(values)))
        rows = self._selection.rows(run, values, positions)
        return self._nulled(run, rows) if isinstance(rows, list) else self._nulled_later(run, rows)

    def _nulled(self, run: Run, rows: Column) -> Column:
        """A row that failed is null here, or fails its parent."""
        return rows if self.required or not run.broken else [None if row is FAILED else row for row in rows]

    async def _nulled_later(self, run: Run, rows: Any) -> Column:
        return self._nulled(run, await rows)


class _Typed(NamedTuple):
    type: GraphQLObjectType
    value: Any


class AbstractCompleter(TypeCheckingCompleter):
    """Values of an interface or a union: each completed by its own type, those of one type together."""

    def __init__(
        self,
        site: Site,
        type_: GraphQLAbstractType,
        schema: GraphQLSchema,
        selection_of: SelectionOf,
        points: int,
        *,
        required: bool,
    ) -> None:
        super().__init__(site, required=required)
        self._type = type_
        self._schema = schema
        self._selection_of = selection_of
        self._points = points
        self._resolve_type = type_.resolve_type or default_type_resolver
        self._completers: dict[GraphQLObjectType, ObjectCompleter] = {}

    def present(self, run: Run, values: Column, positions: Positions) -> Completed:
        return self.check_all(run, values, positions)

    def check_type(self, value: Any, info: Any) -> Any:
        return self._resolve_type(value, info, self._type)

    def complete_checked(self, run: Run, values: Column, verdicts: Column, positions: Positions) -> Completed:
        return self.partitioned(run, list(map(self._typed, values, verdicts)), positions, self._by_type)

    def _typed(self, value: Any, verdict: Any) -> _Typed | Exception:
        if isinstance(verdict, Exception):
            return verdict
        type_ = self._schema.get_type(verdict) if isinstance(verdict, str) else None
        if is_object_type(type_) and self._schema.is_sub_type(self._type, type_):
            return _Typed(type_, value)
        return GraphQLError(self._type_error(value, verdict, type_), self.site.nodes)

    def _type_error(self, value: Any, verdict: Any, type_: GraphQLNamedType | None) -> str:
        must = f"Abstract type '{self._type}' must resolve to an Object type at runtime for field"
        if verdict is None:
            return (
                f"{must} '{self.site.coordinate}'. Either the '{self._type}' type should provide"
                " a 'resolve_type' function or each possible type should provide an 'is_type_of' function."
            )
        if not isinstance(verdict, str):
            return (
                f"{must} '{self.site.coordinate}' with value {inspect(value)}, received '{inspect(verdict)}',"
                " which is not a valid Object type name."
            )
        if type_ is None:
            resolved = f"Abstract type '{self._type}' was resolved to a type '{verdict}'"
            return f"{resolved} that does not exist inside the schema."
        if not is_object_type(type_):
            return f"Abstract type '{self._type}' was resolved to a non-object type '{verdict}'."
        return f"Runtime Object type '{type_}' is not a possible type for '{self._type}'."

    def _by_type(self, run: Run, values: Column, positions: Positions) -> Completed:
        indices: defaultdict[GraphQLObjectType, list[int]] = defaultdict(list)
        for index, typed in enumerate(values):
            indices[typed.type].append(index)
        parts = [
            self._completer(type_).present(
                run, [values[index].value for index in found], SubsetPositions(positions, found)
            )
            for type_, found in indices.items()
        ]
        if all(isinstance(part, list) for part in parts):
            return _merged(len(values), indices.values(), parts)
        return self._by_type_later(run, len(values), list(indices.values()), parts)

    async def _by_type_later(
        self, run: Run, size: int, indices: Sequence[Sequence[int]], parts: Sequence[Any]
    ) -> Column:
        waiting = [index for index, part in enumerate(parts) if not isinstance(part, list)]
        found = scattered(list(parts), waiting, await all_of(run.loop, [parts[index] for index in waiting]))
        return _merged(size, indices, found)

    def _completer(self, type_: GraphQLObjectType) -> ObjectCompleter:
        found = self._completers.get(type_)
        if found is None:
            found = self._completers[type_] = ObjectCompleter(
                self.site, type_, self._selection_of(type_), self._points, required=self.required
            )
        return found


def _merged(size: int, indices: Iterable[Sequence[int]], parts: Iterable[Any]) -> Column:
    whole: Column = [None] * size
    for found, part in zip(indices, parts, strict=True):
        scattered(whole, found, part)
    return whole
