"""What an operation costs: known before it runs, from its text and its variables, and after it, from its answer.

An operation costs something for itself, something for each page and each other statement that it leads to, however
little that finds, and one for each field of each object that its answer holds; long texts cost more. A list counts as
many objects as are asked for, so a page of 20 with a page of 5 in each is priced as 20 and 100 objects. The text is
worked out once, to a sum over the few variables that say how much is asked for.
"""

from collections.abc import Mapping
from itertools import chain
from operator import itemgetter
from typing import Any, cast

from graphql import (
    FragmentDefinitionNode,
    GraphQLInputObjectType,
    GraphQLSchema,
    ListTypeNode,
    NamedTypeNode,
    OperationDefinitionNode,
)

from api.execution.counting import Counter
from api.execution.prices import CostModel, Counted, added


class Cost:
    """The cost of one operation. `fields` are those whose objects count, as they nest in its answer.

    `is_heavy`: it has a field that may keep the database busy for longer than the price says.
    """

    __slots__ = ("_base", "_cursors", "_expression", "_has_lists", "_page", "fields", "is_heavy")

    def __init__(
        self,
        schema: GraphQLSchema,
        model: CostModel,
        node: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
    ) -> None:
        root: Any = schema.get_root_type(node.operation)
        counter = Counter(schema, model, fragments)
        leaves, self.fields = counter.fields([(root, node.selection_set)], ())
        self._base = model.operation + counter.base + leaves
        self._cursors = counter.cursors
        self.is_heavy = counter.is_heavy
        self._page = model.page
        self._expression = added(self._base, self.fields)
        self._has_lists = any(_may_hold_lists(schema, one.type) for one in node.variable_definitions or ())

    def requested(self, variables: Mapping[str, Any]) -> int:
        """The most that it can cost with these variables, as far as lists without pages are as long as assumed."""
        return self._expression.of(variables) + self._given(variables)

    def least(self, variables: Mapping[str, Any]) -> int:
        """What it costs whatever it finds: for itself, its statements, and what is given."""
        return self._base + self._given(variables)

    def actual(self, data: dict[str, Any] | None, variables: Mapping[str, Any]) -> int:
        """What it did cost, counted in the answer's data; statements are paid for whatever they found."""
        return self.least(variables) + (_found(self.fields, [data]) if data else 0)

    def _given(self, variables: Mapping[str, Any]) -> int:
        """What the variables themselves add: the items of their lists, and the pages that their cursors ask about."""
        listed = _listed(list(variables.values())) if self._has_lists else 0
        if not self._cursors:
            return listed
        return listed + self._page * sum(_is_given(names, variables) for names in self._cursors)


def _is_given(names: frozenset[str], variables: Mapping[str, Any]) -> bool:
    return any(variables.get(name) is not None for name in names)


def _listed(values: list[Any]) -> int:
    """How many items the lists in these values hold."""
    found = 0
    for value in values:
        if isinstance(value, list):
            items = cast("list[Any]", value)
            found += len(items) + _listed(items)
        elif isinstance(value, dict):
            found += _listed(list(cast("dict[str, Any]", value).values()))
    return found


def _may_hold_lists(schema: GraphQLSchema, node: Any) -> bool:
    """Whether a value of a variable's type may hold a list: it is one, or an input object."""
    while not isinstance(node, NamedTypeNode):
        if isinstance(node, ListTypeNode):
            return True
        node = node.type
    return isinstance(schema.get_type(node.name.value), GraphQLInputObjectType)


def _found(fields: tuple[Counted, ...], objects: list[dict[str, Any]]) -> int:
    """The weight of what is in these fields of all the objects: one pass for each field, not for each object."""
    total = 0
    for key, weight, lists, _, inner in fields:
        try:
            found: list[Any] = list(map(itemgetter(key), objects))
        except KeyError:  # objects of a type from which it is not selected
            found = [one.get(key) for one in objects]
        for _ in range(lists):
            found = list(chain.from_iterable(filter(None, found)))
        if None in found:
            found = [value for value in found if value is not None]
        total += weight * len(found)
        if inner and found:
            total += _found(inner, found)
    return total
