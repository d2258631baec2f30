"""Limits on the shape of a document, measured in linear time.

A fragment is measured once and its numbers are added wherever it is spread, so that a document whose fragments nest
into millions of fields is measured, and refused, as quickly as it was parsed.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graphql import (
    ASTValidationRule,
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
    """The largest document that is run. The defaults let GraphiQL's introspection and large pages of a client pass."""

    depth: int = 20
    fields: int = 1000
    aliases: int = 100
    root_fields: int = 50
    directives: int = 100


@dataclass(frozen=True, slots=True)
class _Size:
    """What a selection set amounts to when all its fragments are written out."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0


class _Measure:
    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        # None while a fragment is being measured: one that leads back to itself is another rule's to refuse.
        self._sizes: dict[str, _Size | None] = {}

    def of(self, selections: SelectionSetNode | None) -> _Size:
        return _sum(self._selection(node) for node in (selections.selections if selections else ()))

    def _selection(self, node: SelectionNode) -> _Size:
        directives = len(node.directives or ())
        if isinstance(node, FieldNode):
            inner = self.of(node.selection_set)
            aliases = inner.aliases + (node.alias is not None)
            return _Size(inner.depth + 1, inner.fields + 1, aliases, inner.directives + directives, 1)
        inner = self._fragment(node.name.value) if isinstance(node, FragmentSpreadNode) else self._inline(node)
        return _Size(inner.depth, inner.fields, inner.aliases, inner.directives + directives, inner.root_fields)

    def _inline(self, node: Any) -> _Size:
        return self.of(node.selection_set)

    def _fragment(self, name: str) -> _Size:
        if name not in self._sizes:
            self._sizes[name] = None
            definition = self._fragments.get(name)
            self._sizes[name] = _Size() if definition is None else self.of(definition.selection_set)
        return self._sizes[name] or _Size()


def _sum(sizes: Iterable[_Size]) -> _Size:
    depth = fields = aliases = directives = root_fields = 0
    for size in sizes:
        depth = max(depth, size.depth)
        fields += size.fields
        aliases += size.aliases
        directives += size.directives
        root_fields += size.root_fields
    return _Size(depth, fields, aliases, directives, root_fields)


def within(limits: Limits) -> type[ASTValidationRule]:
    """The validation rule that refuses documents beyond these limits, with one error for each operation at most."""

    class WithinLimits(ASTValidationRule):
        def enter_document(self, node: DocumentNode, *_: Any) -> None:
            measure = _Measure(node)
            for operation in node.definitions:
                if isinstance(operation, OperationDefinitionNode):
                    self._check(operation, measure)

        def _check(self, operation: OperationDefinitionNode, measure: _Measure) -> None:
            try:
                size = measure.of(operation.selection_set)
            except RecursionError:
                size = _Size(depth=sys.maxsize)
            for what in ("depth", "root_fields", "fields", "aliases", "directives"):
                found, most = getattr(size, what), getattr(limits, what)
                if found > most:
                    message = f"The operation is too large: {what.replace('_', ' ')} {_shown(found)}, at most {most}."
                    self.report_error(GraphQLError(message, operation, extensions={"code": CODE}))
                    return

    return WithinLimits


def _shown(number: int) -> str:
    return f"{number:,}" if number < 10**9 else "over a billion"
