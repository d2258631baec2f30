"""Limits on the shape of a document, checked in linear time and before validation, which is not linear.

A fragment is measured once and its numbers are added wherever it is spread, so that a document whose fragments nest
into millions of fields is measured, and refused, as quickly as it was parsed.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

CODE = "COST_LIMIT"


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest document that is run; from `depth` on with all its fragments written out.

    `repeats` are the pairs of fields that answer under the same name in the same place: each pair has to be compared
    before they can be merged. An alias is written for each object of an answer, so `alias_characters` bound how many
    bytes there can be for a point. `values` are those of the variables, with what lists and objects in them hold. The
    defaults let GraphiQL's introspection and large pages of a client pass.
    """

    characters: int = 50_000
    tokens: int = 1000
    operations: int = 20
    depth: int = 20
    fields: int = 1000
    aliases: int = 100
    root_fields: int = 50
    directives: int = 100
    fragments: int = 300
    repeats: int = 1000
    values: int = 2000
    alias_characters: int = 100


class _Size(NamedTuple):
    """What a selection set amounts to when all its fragments are written out."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0
    fragments: int = 0


_MEASURED = ("depth", "root_fields", "fields", "aliases", "directives", "fragments")


class _Measure:
    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        # None while a fragment is being measured: one that leads back to itself is not for us to refuse.
        self._sizes: dict[str, _Size | None] = {}
        self.is_cyclic = False
        self.longest_alias = 0

    @property
    def measured(self) -> int:
        """How many fragments something leads to."""
        return sum(name in self._fragments for name in self._sizes)

    def of(self, selections: SelectionSetNode | None) -> _Size:
        return _sum(self._selection(node) for node in (selections.selections if selections else ()))

    def _selection(self, node: SelectionNode) -> _Size:
        directives = len(node.directives or ())
        if isinstance(node, FieldNode):
            inner = self.of(node.selection_set)
            if node.alias is not None:
                self.longest_alias = max(self.longest_alias, len(node.alias.value))
            aliases = inner.aliases + (node.alias is not None)
            return _Size(inner.depth + 1, inner.fields + 1, aliases, inner.directives + directives, 1, inner.fragments)
        inner = self._fragment(node.name.value) if isinstance(node, FragmentSpreadNode) else self._inline(node)
        return inner._replace(directives=inner.directives + directives, fragments=inner.fragments + 1)

    def _inline(self, node: Any) -> _Size:
        return self.of(node.selection_set)

    def _fragment(self, name: str) -> _Size:
        if name not in self._sizes:
            self._sizes[name] = None
            definition = self._fragments.get(name)
            self._sizes[name] = _Size() if definition is None else self.of(definition.selection_set)
        size = self._sizes[name]
        if size is None:
            self.is_cyclic = True
            return _Size()
        return size


def _sum(sizes: Iterable[_Size]) -> _Size:
    depth = fields = aliases = directives = root_fields = fragments = 0
    for size in sizes:
        depth = max(depth, size.depth)
        fields += size.fields
        aliases += size.aliases
        directives += size.directives
        root_fields += size.root_fields
        fragments += size.fragments
    return _Size(depth, fields, aliases, directives, root_fields, fragments)


class _Repeats:
    """Counts pairs of equal names, place by place. Only for what is known to be small when it is written out."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments

    def of(self, selections: list[SelectionSetNode]) -> int:
        inner: dict[str, list[SelectionSetNode]] = {}
        counts: dict[str, int] = {}
        spread: dict[str, None] = {}
        for selection_set in selections:
            self._collect(selection_set, inner, counts, spread)
        pairs = sum(count * (count - 1) // 2 for count in counts.values()) + len(spread) * (len(spread) - 1) // 2
        return pairs + sum(self.of(sets) for sets in inner.values())

    def _collect(
        self,
        selections: SelectionSetNode,
        inner: dict[str, list[SelectionSetNode]],
        counts: dict[str, int],
        spread: dict[str, None],
    ) -> None:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                name = (node.alias or node.name).value
                counts[name] = counts.get(name, 0) + 1
                if node.selection_set is not None:
                    inner.setdefault(name, []).append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                definition = self._fragments.get(node.name.value)
                if definition is not None and node.name.value not in spread:
                    spread[node.name.value] = None
                    self._collect(definition.selection_set, inner, counts, spread)
            else:
                inline: Any = node
                self._collect(inline.selection_set, inner, counts, spread)


class Verdict(NamedTuple):
    """What the limits say of a document.

    Fragments that lead back to themselves or that nothing leads to make it invalid; they have no size, so such a
    document must not be validated for anything else. `fields` are those of each operation, with fragments written out.
    """

    errors: list[GraphQLError]
    has_sound_fragments: bool
    fields: Sequence[int] = ()


def too_long(text: str, limits: Limits) -> list[GraphQLError]:
    """An error if the text is longer than is worth reading."""
    if len(text) <= limits.characters:
        return []
    return [_refusal([], "characters", len(text), limits)]


def too_many_values(given: Mapping[str, object], limits: Limits) -> list[GraphQLError]:
    """An error if the variables hold more than is worth coercing. What is too much is not looked at further."""
    found = 0
    waiting: list[Any] = [given]
    while waiting:
        value = waiting.pop()
        found += len(value)
        if found > limits.values:
            return [_refusal([], "values", found, limits)]
        held = cast("dict[str, Any]", value).values() if isinstance(value, dict) else value
        waiting += filter(_holds_values, held)
    return []


def _holds_values(value: object) -> bool:
    return isinstance(value, dict | list)


def judge(document: DocumentNode, limits: Limits) -> Verdict:
    """One error for each operation that is beyond the limits."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) > limits.operations:
        return Verdict([_refusal(operations[:1], "operations", len(operations), limits)], has_sound_fragments=False)
    measure = _Measure(fragments)
    try:
        sizes = [measure.of(node.selection_set) for node in operations]
    except RecursionError:
        return Verdict([_refusal(operations[:1], "depth", sys.maxsize, limits)], has_sound_fragments=False)
    errors = [error for node, size in zip(operations, sizes, strict=True) for error in _beyond(node, size, limits)]
    if measure.longest_alias > limits.alias_characters:
        errors.append(_refusal(operations[:1], "alias_characters", measure.longest_alias, limits))
    sound = not measure.is_cyclic and measure.measured == len(fragments)
    if sound and not errors:
        for node in operations:
            found = _Repeats(fragments).of([node.selection_set])
            if found > limits.repeats:
                errors.append(_refusal([node], "repeats", found, limits))
    return Verdict(errors, sound, [size.fields for size in sizes])


def _beyond(node: OperationDefinitionNode, size: _Size, limits: Limits) -> list[GraphQLError]:
    for what in _MEASURED:
        found = getattr(size, what)
        if found > getattr(limits, what):
            return [_refusal([node], what, found, limits)]
    return []


def _refusal(nodes: list[OperationDefinitionNode], what: str, found: int, limits: Limits) -> GraphQLError:
    shown = f"{found:,}" if found < 10**9 else "over a billion"
    whole = "The variables are" if what == "values" else "The document is"
    message = f"{whole} too large: {what.replace('_', ' ')} {shown}, at most {getattr(limits, what)}."
    return GraphQLError(message, nodes, extensions={"code": CODE})
