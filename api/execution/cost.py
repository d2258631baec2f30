"""What an operation costs: known before it runs, from its text and its variables, and after it, from its answer.

An operation costs one, and one for each object that its answer holds; a list counts as many as are asked for. So a
page of 20 with a page of 5 in each costs 1 + 20 + 20 * 5. Of Relay's connections only the nodes count. The text is
worked out once, to a sum over the few variables that say how much is asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)
from graphql.utilities.coerce_input_value import coerce_default_value

OPERATION = 1
_INTROSPECTION = {"__schema", "__type"}


@dataclass(frozen=True, slots=True)
class CostModel:
    """How a schema's objects are counted.

    `sizes` says for `Type.field` how long a list without pages is taken to be, or names the argument whose items it
    answers one by one; `weights` what one object through `Type.field` costs, or one of a `Type`.
    """

    size_arguments: tuple[str, ...] = ("first", "last")
    page_size: int = 20
    list_size: int = 5
    mutation: int = 10
    introspection: int = 100
    sizes: Mapping[str, int | str] = field(default_factory=dict[str, "int | str"])
    weights: Mapping[str, int] = field(default_factory=dict[str, int])


class _Size(NamedTuple):
    """How many are asked for: by the first of these that is given, a number or the name of a variable."""

    asked: tuple[int | str, ...]
    otherwise: int

    def of(self, variables: Mapping[str, Any]) -> int:
        for one in self.asked:
            value = variables.get(one) if isinstance(one, str) else one
            if value is not None:
                return len(cast("Sequence[object]", value)) if isinstance(value, list) else max(value, 0)
        return self.otherwise


class _Term(NamedTuple):
    """So many times an expression. Sizes are several where types that share an answer's name ask for different ones."""

    sizes: tuple[_Size, ...]
    times: "_Expression"

    def of(self, variables: Mapping[str, Any]) -> int:
        return max(size.of(variables) for size in self.sizes) * self.times.of(variables)


class _Expression(NamedTuple):
    constant: int
    terms: tuple[_Term, ...] = ()

    def of(self, variables: Mapping[str, Any]) -> int:
        total = self.constant
        for term in self.terms:
            total += term.of(variables)
        return total


class _Counted(NamedTuple):
    """A field whose objects count, or lead to some that do. `lists` is how many lists they are wrapped in."""

    key: str
    weight: int
    lists: int
    sizes: tuple[_Size, ...]
    fields: "tuple[_Counted, ...]"

    def expression(self) -> _Expression:
        once = _added(self.weight, self.fields)
        if self.lists == 0 or once == _Expression(0):
            return once
        if once.terms or any(isinstance(one, str) for size in self.sizes for one in size.asked):
            return _Expression(0, (_Term(self.sizes, once),))
        return _Expression(max(size.of({}) for size in self.sizes) * once.constant)


def _added(constant: int, fields: tuple[_Counted, ...]) -> _Expression:
    expressions = [one.expression() for one in fields]
    total = constant + sum(expression.constant for expression in expressions)
    return _Expression(total, tuple(chain.from_iterable(expression.terms for expression in expressions)))


class Cost:
    """The cost of one operation."""

    __slots__ = ("_expression", "_fields")

    def __init__(
        self,
        schema: GraphQLSchema,
        model: CostModel,
        node: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
    ) -> None:
        root: Any = schema.get_root_type(node.operation)
        self._fields = _Counter(schema, model, fragments, node.operation).fields([(root, node.selection_set)], ())
        self._expression = _added(OPERATION, self._fields)

    def requested(self, variables: Mapping[str, Any]) -> int:
        """The most that it can cost with these variables, as far as lists without pages are as long as assumed."""
        return self._expression.of(variables)

    def actual(self, data: dict[str, Any] | None) -> int:
        """What it did cost, counted in the answer's data."""
        return OPERATION + (_found(self._fields, [data]) if data else 0)


def _found(fields: tuple[_Counted, ...], objects: list[dict[str, Any]]) -> int:
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


_Place = tuple[Any, SelectionSetNode]
"""A selection set, and the type that it selects from."""


class _Counter:
    """Finds the fields that count, merged as execution merges them."""

    def __init__(
        self,
        schema: GraphQLSchema,
        model: CostModel,
        fragments: dict[str, FragmentDefinitionNode],
        operation: OperationType,
    ) -> None:
        self._schema = schema
        self._model = model
        self._fragments = fragments
        self._root_weight = model.mutation if operation is OperationType.MUTATION else 0

    def fields(self, places: Sequence[_Place], page: tuple[_Size, ...]) -> tuple[_Counted, ...]:
        """Those of all these places, which answer together; `page` are the sizes of the page that they stand for."""
        together: dict[str, list[tuple[Any, FieldNode]]] = {}
        seen: set[str] = set()
        for place in places:
            for parent, node in self._selected(place, seen):
                together.setdefault((node.alias or node.name).value, []).append((parent, node))
        found = (self._counted(key, nodes, page) for key, nodes in together.items())
        return tuple(one for one in found if one is not None and (one.weight or one.fields))

    def _selected(self, place: _Place, seen: set[str]) -> Iterator[tuple[Any, FieldNode]]:
        parent, selections = place
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield parent, node
                continue
            inner: Any = node
            if isinstance(node, FragmentSpreadNode):
                if node.name.value in seen:
                    continue
                seen.add(node.name.value)
                inner = self._fragments[node.name.value]
            condition = inner.type_condition
            type_ = parent if condition is None else self._schema.get_type(condition.name.value)
            yield from self._selected((type_, inner.selection_set), seen)

    def _counted(self, key: str, nodes: list[tuple[Any, FieldNode]], page: tuple[_Size, ...]) -> _Counted | None:
        name = nodes[0][1].name.value
        if name in _INTROSPECTION:
            return _Counted(key, self._model.introspection, 0, (), ())
        if name == "__typename":
            return None
        is_root = nodes[0][0] in (self._schema.query_type, self._schema.mutation_type)
        weight, lists, sizes = 0, 0, dict[_Size, None]()
        places: list[_Place] = []
        is_page = False
        for parent, node in nodes:
            definition: Any = parent.fields[node.name.value]
            target: Any = cast("Any", get_named_type)(definition.type)
            if is_composite_type(target) and node.selection_set is not None:
                places.append((target, node.selection_set))
                weight = max(weight, self._weight(parent, node, target))
            lists = max(lists, _lists(definition.type))
            is_page = is_page or _is_page(target)
            sizes[self._size(parent, node, definition)] = None
        inner = self.fields(places, tuple(sizes) if is_page else ())
        weight += self._root_weight if is_root else 0
        return _Counted(key, weight, lists, page or tuple(sizes), inner)

    def _weight(self, parent: GraphQLNamedType, node: FieldNode, target: GraphQLNamedType) -> int:
        weights = self._model.weights
        usual = 0 if _is_wrapper(target) else 1
        return weights.get(f"{parent.name}.{node.name.value}", weights.get(target.name, usual))

    def _size(self, parent: GraphQLNamedType, node: FieldNode, definition: Any) -> _Size:
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        known = self._model.sizes.get(f"{parent.name}.{node.name.value}", self._model.list_size)
        if isinstance(known, str):
            return _Size(tuple(_asked(given.get(known))), 0)
        names = [name for name in self._model.size_arguments if name in definition.args]
        asked = [one for name in names for one in _asked(given.get(name))]
        if not asked:
            defaults: list[Any] = [coerce_default_value(definition.args[name]) for name in names]
            asked = [default for default in defaults if default is not Undefined and default is not None]
        return _Size(tuple(asked), self._model.page_size if names else known)


def _asked(value: ValueNode | None) -> list[int | str]:
    match value:
        case IntValueNode():
            return [int(value.value)]
        case VariableNode():
            return [value.name.value]
        case ListValueNode():
            return [len(value.values)]
        case _:
            return []


def _lists(type_: Any) -> int:
    depth = 0
    while isinstance(type_, GraphQLList | GraphQLNonNull):
        wrapper = cast("Any", type_)
        depth += isinstance(wrapper, GraphQLList)
        type_ = wrapper.of_type
    return depth


def _is_page(type_: Any) -> bool:
    """Whether the type is a Relay connection, whose lists are as long as the field that leads to it asks."""
    return "pageInfo" in getattr(type_, "fields", ())


def _is_wrapper(type_: Any) -> bool:
    """Whether the type stands between a field and its nodes: connections, their edges, and what tells of the page."""
    fields = getattr(type_, "fields", {})
    return type_.name == "PageInfo" or _is_page(type_) or set(fields) >= {"cursor", "node"}
