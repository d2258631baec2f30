"""The arithmetic of prices: a model for a schema, and sums over the variables that say how much is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple, cast


@dataclass(frozen=True, slots=True)
class CostModel:
    """How a schema's objects are counted.

    `operation`, `page`, `statement`, `mutation` and `introspection` are paid once for each place in the document; a
    field that has to look beyond the cursor that its page was given pays for a page too.
    `sizes` says for `Type.field` how long a list, or a page whose size is not given, is taken to be, or names the
    argument whose items it answers one by one; `weights` what one value of `Type.field` costs, or one object of a
    `Type` beside its fields. An operation with one of the fields in `heavy` may keep the database busy for longer than
    its price says: a caller runs one such operation at a time.
    """

    size_arguments: tuple[str, ...] = ("first", "last", "limit")
    page_size: int = 20
    list_size: int = 5
    operation: int = 10
    page: int = 50
    statement: int = 20
    mutation: int = 100
    introspection: int = 2500
    sizes: Mapping[str, int | str] = field(default_factory=dict[str, "int | str"])
    weights: Mapping[str, int] = field(default_factory=dict[str, int])
    heavy: frozenset[str] = frozenset()


class Size(NamedTuple):
    """How many are asked for: by the first of these that is given, a number or the name of a variable."""

    asked: tuple[int | str, ...]
    otherwise: int

    def of(self, variables: Mapping[str, Any]) -> int:
        for one in self.asked:
            value = variables.get(one) if isinstance(one, str) else one
            if value is not None:
                return len(cast("Sequence[object]", value)) if isinstance(value, list) else max(value, 0)
        return self.otherwise


class Term(NamedTuple):
    """So many times an expression. Sizes are several where types that share an answer's name ask for different ones."""

    sizes: tuple[Size, ...]
    times: "Expression"

    def of(self, variables: Mapping[str, Any]) -> int:
        return max(size.of(variables) for size in self.sizes) * self.times.of(variables)


class Expression(NamedTuple):
    constant: int
    terms: tuple[Term, ...] = ()

    def of(self, variables: Mapping[str, Any]) -> int:
        total = self.constant
        for term in self.terms:
            total += term.of(variables)
        return total


class Counted(NamedTuple):
    """A field whose objects count, or lead to some that do. `lists` is how many lists they are wrapped in."""

    key: str
    weight: int
    lists: int
    sizes: tuple[Size, ...]
    fields: "tuple[Counted, ...]"

    def expression(self) -> Expression:
        once = added(self.weight, self.fields)
        if self.lists == 0 or once == Expression(0):
            return once
        if once.terms or any(isinstance(one, str) for size in self.sizes for one in size.asked):
            return Expression(0, (Term(self.sizes, once),))
        return Expression(max(size.of({}) for size in self.sizes) * once.constant)


FREE = Counted("", 0, 0, (), ())


def added(constant: int, fields: tuple[Counted, ...]) -> Expression:
    expressions = [one.expression() for one in fields]
    total = constant + sum(expression.constant for expression in expressions)
    return Expression(total, tuple(chain.from_iterable(expression.terms for expression in expressions)))
