"""What resolvers are given about the field that they resolve. All of it is computed on demand."""

# graphql-core's types and type guards are generic in what nothing here looks into.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from collections.abc import Awaitable, Sequence
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.pyutils import Path, gather_with_cancel, is_awaitable
from graphql.type.definition import GraphQLResolveInfoHelpers

from api.execution.compiled.positions import Positions
from api.execution.compiled.run import Run
from api.execution.compiled.settling import settle_in_background
from api.execution.compiled.sites import Site


class ResolveInfo:
    """Stands for graphql-core's GraphQLResolveInfo, with the same attributes."""

    __slots__ = ("_index", "_positions", "_run", "_site", "context")

    def __init__(self, run: Run, site: Site, positions: Positions, index: int) -> None:
        self._run = run
        self._site = site
        self._positions = positions
        self._index = index
        self.context: Any = run.context

    @property
    def field_name(self) -> str:
        return self._site.name

    @property
    def field_nodes(self) -> list[FieldNode]:
        return list(self._site.nodes)

    @property
    def return_type(self) -> GraphQLOutputType:
        return self._site.definition.type

    @property
    def parent_type(self) -> GraphQLObjectType:
        return self._site.parent_type

    @property
    def path(self) -> Path:
        found: Path | None = None
        for step in self._positions.steps(self._index):
            found = Path(found, step.key, step.typename)
        assert found is not None  # noqa: S101  # a field has a key at least
        return found

    @property
    def schema(self) -> GraphQLSchema:
        return self._run.schema

    @property
    def fragments(self) -> dict[str, FragmentDefinitionNode]:
        return self._run.operation.fragments

    @property
    def root_value(self) -> Any:
        return self._run.root

    @property
    def operation(self) -> OperationDefinitionNode:
        return self._run.operation.node

    @property
    def variable_values(self) -> dict[str, Any]:
        """The coerced values, as Strawberry hands them on."""
        return self._run.variables.coerced

    @property
    def is_awaitable(self) -> Any:
        return is_awaitable

    @property
    def abort_signal(self) -> None:
        """None: a run ends by the cancellation of its task."""

    @property
    def async_helpers(self) -> GraphQLResolveInfoHelpers:
        return GraphQLResolveInfoHelpers(gather=_gather, track=settle_in_background)

    @property
    def operation_extensions(self) -> None:
        """None: they are for the layer that reads requests."""


def _gather(awaitables: Sequence[Awaitable[Any]]) -> Awaitable[list[Any]]:
    return gather_with_cancel(*awaitables)
