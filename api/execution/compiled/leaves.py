"""Scalars and enums. What needs no coercion is known by its class; the rest is graphql-core's to coerce."""

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, TypeAlias, cast

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)
from graphql.pyutils import inspect
from graphql.type.scalars import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT

from api.execution.compiled.completers import Completer
from api.execution.compiled.positions import Positions
from api.execution.compiled.run import Run
from api.execution.compiled.settling import Column, Completed
from api.execution.compiled.sites import Site

# Writes a column of a scalar at once: the same as its `serialize` for each value, in a form that the caller's JSON
# encoder knows. It may raise for any value that it does not know; then the values are coerced one by one.
ColumnEncoder: TypeAlias = Callable[[Column], Column]
Encoders: TypeAlias = Mapping[str, ColumnEncoder]


_NULLS = {type(None), type(Undefined)}


class LeafCompleter(Completer):
    """Leaves of any type: a whole column coerced in one go, or value by value where that fails."""

    def __init__(self, site: Site, leaf: GraphQLLeafType, encode: ColumnEncoder | None, *, required: bool) -> None:
        super().__init__(site, required=required)
        self._leaf = leaf
        # No method of its own: a completer that holds on to itself outlives its plan until the collector comes.
        self._encode = encode or partial(_coerced, leaf)

    def present(self, run: Run, values: Column, positions: Positions) -> Column:
        try:
            return self._encode(values)
        except Exception:  # noqa: BLE001  # some value is at fault: each answers for itself
            return [self._one(run, value, positions, index) for index, value in enumerate(values)]

    def _one(self, run: Run, value: Any, positions: Positions, index: int) -> Any:
        try:
            coerced = self._leaf.coerce_output_value(value)
            if coerced is None or coerced is Undefined:
                expected = f"`{inspect(self._leaf)}.coerce_output_value({inspect(value)})`"
                raise TypeError(  # noqa: TRY301  # an error of the value like those of the coercion
                    f"Expected {expected} to return non-nullable value, returned: {inspect(coerced)}"
                )
        except Exception as error:  # noqa: BLE001  # of the coercion, whatever it is
            return self.fail(run, error, positions, index)
        return coerced


def _coerced(leaf: GraphQLLeafType, values: Column) -> Column:
    coerced = list(map(leaf.coerce_output_value, values))
    if not _NULLS.isdisjoint(map(type, coerced)):
        raise ValueError
    return coerced


class ExactCompleter(LeafCompleter):
    """A built-in scalar, whose values of one class stand in the response as they are."""

    exact: ClassVar[type]

    def __init__(self, site: Site, leaf: GraphQLLeafType, encode: ColumnEncoder | None, *, required: bool) -> None:
        super().__init__(site, leaf, encode, required=required)
        self._as_they_are = {self.exact} if required else {self.exact, type(None)}

    def complete(self, run: Run, values: Column, positions: Positions) -> Completed:
        if set(map(type, values)) <= self._as_they_are and self._in_range(values):
            return values
        return super().complete(run, values, positions)

    def _in_range(self, values: Column) -> bool:
        del values
        return True


class TextCompleter(ExactCompleter):
    exact = str


class BooleanCompleter(ExactCompleter):
    exact = bool


class IntCompleter(ExactCompleter):
    exact = int

    def _in_range(self, values: Column) -> bool:
        numbers = cast("list[int]", values if self.required else [value for value in values if value is not None])
        return not numbers or (max(numbers) <= GRAPHQL_MAX_INT and min(numbers) >= GRAPHQL_MIN_INT)


class FloatCompleter(ExactCompleter):
    exact = float

    def _in_range(self, values: Column) -> bool:
        return all(value is None or math.isfinite(value) for value in values)


_EXACT: dict[str, type[ExactCompleter]] = {
    GraphQLString.name: TextCompleter,
    GraphQLID.name: TextCompleter,
    GraphQLBoolean.name: BooleanCompleter,
    GraphQLInt.name: IntCompleter,
    GraphQLFloat.name: FloatCompleter,
}


def leaf_completer(site: Site, leaf: GraphQLLeafType, encoders: Encoders, *, required: bool) -> Completer:
    """The completer of a scalar or an enum."""
    encode = _enum_encoder(leaf) if isinstance(leaf, GraphQLEnumType) else encoders.get(leaf.name)
    kind = _EXACT.get(leaf.name, LeafCompleter)
    return kind(site, leaf, encode, required=required)


def _enum_encoder(enum: GraphQLEnumType) -> ColumnEncoder:
    """By look-up, for values that can be looked up: those of the enum, and the members of a Strawberry enum."""
    names: dict[Any, str] = {}
    members: Any = getattr(enum, "wrapped_cls", ())
    for name, value in enum.values.items():
        try:
            names.setdefault(value.value, name)
        except TypeError:  # not hashable: looked up by graphql-core
            continue
    for member in members:
        if member.value in names:
            names[member] = names[member.value]
    name_of = names.__getitem__

    def encode(values: Column) -> Column:
        return list(map(name_of, values))

    return encode
