"""Finds what counts in a document: objects and leaves, merged as in execution, and the statements they take."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
)
from graphql.utilities.coerce_input_value import coerce_default_value
from strawberry.types.field import StrawberryField

from api.execution.columns import LOADS
from api.execution.prices import CostModel, Counted, Size

_INTROSPECTION = {"__schema", "__type"}

Place = tuple[Any, SelectionSetNode]
"""A selection set, and the type that it selects from."""


class Counter:
    """Finds the fields that count, merged as execution merges them."""

    def __init__(
        self,
        schema: GraphQLSchema,
        model: CostModel,
        fragments: dict[str, FragmentDefinitionNode],
    ) -> None:
        self._schema = schema
        self._model = model
        self._fragments = fragments
        self.base = 0  # what is paid once for each place
        self.is_heavy = False
        self.cursors: list[frozenset[str]] = []  # a page more for each of these with a variable that is given

    def fields(
        self, places: Sequence[Place], page: tuple[Size, ...], around: Sequence[FieldNode] = ()
    ) -> tuple[int, tuple[Counted, ...]]:
        """Those of all these places, which answer together; `page` are the sizes of the page that they stand for.

        `around` are the fields that led to the nearest connection. What an object's own leaves cost comes first.
        """
        together: dict[str, list[tuple[Any, FieldNode]]] = {}
        seen: set[str] = set()
        for place in places:
            for parent, node in self._selected(place, seen):
                together.setdefault((node.alias or node.name).value, []).append((parent, node))
        leaves: dict[Any, int] = {}
        found: list[Counted] = []
        for key, nodes in together.items():
            counted = self._counted(key, nodes, page, around)
            if counted is None:
                # Types that exclude each other may answer with different fields under one key.
                for parent, node in {id(parent): (parent, node) for parent, node in reversed(nodes)}.values():
                    leaves[parent] = leaves.get(parent, 0) + self._leaf(parent, node)
            elif counted.weight or counted.fields:
                found.append(counted)
        return _of_one_object(leaves), tuple(found)

    def _selected(self, place: Place, seen: set[str]) -> Iterator[tuple[Any, FieldNode]]:
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

    def _counted(
        self, key: str, nodes: list[tuple[Any, FieldNode]], page: tuple[Size, ...], around: Sequence[FieldNode]
    ) -> Counted | None:
        """What stands under this key, None where it is a leaf. What it costs in itself is added to the base."""
        name = nodes[0][1].name.value
        if name in _INTROSPECTION:
            self.base += self._model.introspection
            return Counted(key, 0, 0, (), ())
        nodes = [one for one in nodes if one[1].name.value != "__typename"]
        if not nodes:
            return None
        self.base += max(self._base(parent, node) for parent, node in nodes)
        self.is_heavy |= any(f"{parent.name}.{node.name.value}" in self._model.heavy for parent, node in nodes)
        for argument in {loads for parent, node in nodes if isinstance(loads := self._loads(parent, node), str)}:
            self._count_cursor(argument, around)
        weight, lists, sizes = 0, 0, dict[Size, None]()
        places: list[Place] = []
        is_page = is_object = False
        for parent, node in nodes:
            definition: Any = parent.fields[node.name.value]
            target: Any = cast("Any", get_named_type)(definition.type)
            if node.selection_set is None:
                continue
            places.append((target, node.selection_set))
            weight = max(weight, self._weight(parent, node, target))
            is_object = is_object or not _is_wrapper(target)
            lists = max(lists, _lists(definition.type))
            is_page = is_page or _is_page(target)
            sizes[self._size(parent, node, definition)] = None
        if not places:
            return None
        inner_around = [node for _, node in nodes] if is_page else around
        leaves, inner = self.fields(places, tuple(sizes) if is_page else (), inner_around)
        # An edge costs something, whatever is selected on it: unless its node does, which then stands for both.
        weight += max(leaves, 1) if is_object or (lists and not inner) else leaves
        return Counted(key, weight, lists, page or tuple(sizes), inner)

    def _base(self, parent: Any, node: FieldNode) -> int:
        """What the field costs once, however many objects it is asked of and whatever it finds."""
        definition: Any = parent.fields[node.name.value]
        given = sum(_items(argument.value) for argument in node.arguments or ())
        if _is_page(cast("Any", get_named_type)(definition.type)):
            return given + self._model.page
        if parent is self._schema.mutation_type:
            return given + self._model.mutation
        return given + (self._model.statement if self._loads(parent, node) is True else 0)

    def _loads(self, parent: Any, node: FieldNode) -> bool | str:
        """Whether the field takes a statement; or the argument of its connection without which it takes none."""
        extensions = cast("dict[str, object]", parent.fields[node.name.value].extensions or {})
        declared = extensions.get("strawberry-definition")
        metadata: Mapping[str, Any] = declared.metadata if isinstance(declared, StrawberryField) else {}
        return metadata.get(LOADS, parent is self._schema.query_type)

    def _count_cursor(self, argument: str, around: Sequence[FieldNode]) -> None:
        """A field that asks as a page does, where one of these connections is given this argument."""
        values = [one.value for node in around for one in node.arguments or () if one.name.value == argument]
        if any(not isinstance(value, VariableNode | NullValueNode) for value in values):
            self.base += self._model.page
        elif variables := frozenset(value.name.value for value in values if isinstance(value, VariableNode)):
            self.cursors.append(variables)

    def _leaf(self, parent: Any, node: FieldNode) -> int:
        if node.name.value == "__typename":
            return int(node.alias is not None)  # once for each object it is free, as clients add it
        weight = self._model.weights.get(f"{parent.name}.{node.name.value}", 1)
        return weight * (self._model.list_size if _lists(parent.fields[node.name.value].type) else 1)

    def _weight(self, parent: GraphQLNamedType, node: FieldNode, target: GraphQLNamedType) -> int:
        weights = self._model.weights
        return weights.get(f"{parent.name}.{node.name.value}", weights.get(target.name, 0))

    def _size(self, parent: GraphQLNamedType, node: FieldNode, definition: Any) -> Size:
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        names = [name for name in self._model.size_arguments if name in definition.args]
        usual = self._model.page_size if names else self._model.list_size
        known = self._model.sizes.get(f"{parent.name}.{node.name.value}", usual)
        if isinstance(known, str):
            return Size(tuple(_listed(given.get(known))), 0)
        asked = [one for name in names for one in _asked(given.get(name))]
        if not asked:
            defaults: list[Any] = [coerce_default_value(definition.args[name]) for name in names]
            asked = [default for default in defaults if default is not Undefined and default is not None]
        return Size(tuple(asked), known)


def _asked(value: ValueNode | None) -> list[int | str]:
    match value:
        case IntValueNode():
            return [int(value.value)]
        case VariableNode():
            return [value.name.value]
        case _:
            return []


def _listed(value: ValueNode | None) -> list[int | str]:
    """How long a list is that is asked for by its items: a literal that is none is a list of one."""
    match value:
        case None | NullValueNode():
            return []
        case VariableNode():
            return [value.name.value]
        case ListValueNode():
            return [len(value.values)]
        case _:
            return [1]


def _items(value: ValueNode) -> int:
    """How many items the lists in a literal hold."""
    if isinstance(value, ListValueNode):
        return len(value.values) + sum(map(_items, value.values))
    if isinstance(value, ObjectValueNode):
        return sum(_items(field.value) for field in value.fields)
    return 0


def _of_one_object(leaves: Mapping[Any, int]) -> int:
    """What the leaves of one object cost at most: it is of one type, and of some interfaces."""
    objects = [cost for type_, cost in leaves.items() if isinstance(type_, GraphQLObjectType)]
    return sum(leaves.values()) - sum(objects) + max(objects, default=0)


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
    """Whether the type stands between a field and its nodes: connections, their edges, and the page info."""
    fields = getattr(type_, "fields", {})
    return type_.name == "PageInfo" or _is_page(type_) or set(fields) >= {"cursor", "node"}
