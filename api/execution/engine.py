"""What executes an operation: one protocol, and graphql-core's own execution behind it."""

import math
from collections.abc import AsyncIterator
from typing import Any, NamedTuple, Protocol, cast

import graphql
import strawberry
from graphql import ExecutionResult, GraphQLError
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues
from strawberry.execution import optimized_is_awaitable

from api.execution.operations import Operation

# Generic in a context that nothing here looks into.
_SOURCE: Any = cast("Any", graphql.execution).create_source_event_stream
_RESOLVE_FIELD: Any = cast("Any", graphql).default_field_resolver
_RESOLVE_TYPE: Any = cast("Any", graphql).default_type_resolver


class DeadlineError(Exception):
    """The request has used up its time."""


class Bounds(NamedTuple):
    """Where an operation is stopped: after so many points of its cost, or at a time of `time.monotonic()`.

    `points` are those of the objects that it finds, beside what it costs for itself.
    """

    points: float = math.inf
    until: float = math.inf


UNBOUNDED = Bounds()


class Outcome(NamedTuple):
    """What an execution leads to. `data` holds only what JSON can, and what orjson writes by itself.

    `spent` are the points of the objects that were found by an operation that was stopped; None where none was.
    """

    data: dict[str, Any] | None
    errors: list[GraphQLError]
    spent: int | None = None


class Executor(Protocol):
    """Executes queries and mutations. Whatever a resolver raises is among the errors of the outcome."""

    def is_planned(self, operation: Operation, variables: VariableValues) -> bool:
        """Whether nothing has to be worked out before the operation runs with these variables."""
        ...

    def plan(self, operation: Operation, variables: VariableValues) -> None:
        """Work out what can be before anything runs."""
        ...

    async def execute(
        self,
        operation: Operation,
        variables: VariableValues,
        context: object,
        root: object = None,
        bounds: Bounds = UNBOUNDED,
    ) -> Outcome:
        """Run it, an event of a subscription with the event as its root. DeadlineError for a query at its deadline."""
        ...

    async def events(
        self, operation: Operation, variables: VariableValues, context: object
    ) -> AsyncIterator[object] | list[GraphQLError]:
        """The events of a subscription, to be closed where it can be; or why there are none."""
        ...


class StockExecutor:
    """graphql-core's own execution, as Strawberry sets it up, over a document that is validated already.

    Of the schema's extensions those that resolve fields take part: parsing, validation and the operation as a whole
    are not this one's to wrap. It knows no bounds: its price alone limits an operation, and the debt that it leaves.
    """

    def __init__(self, schema: strawberry.Schema) -> None:
        self._schema = schema
        # Strawberry has no public way to either.
        self._core: graphql.GraphQLSchema = schema._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self._middleware: Any = schema._get_middleware_manager  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self._run: Any = cast("Any", schema).execution_context_class

    def is_planned(self, operation: Operation, variables: VariableValues) -> bool:
        """Always: it works everything out while it runs."""
        del operation, variables
        return True

    def plan(self, operation: Operation, variables: VariableValues) -> None:
        """There is nothing to plan."""

    async def execute(
        self,
        operation: Operation,
        variables: VariableValues,
        context: object,
        root: object = None,
        bounds: Bounds = UNBOUNDED,
    ) -> Outcome:
        del bounds
        found = self._executor(operation, variables, context, root).execute_operation()
        result: ExecutionResult = await found if optimized_is_awaitable(found) else found
        return Outcome(result.data, result.errors or [])

    async def events(
        self, operation: Operation, variables: VariableValues, context: object
    ) -> AsyncIterator[object] | list[GraphQLError]:
        found: Any = _SOURCE(self._executor(operation, variables, context, None))
        events: Any = await found if optimized_is_awaitable(found) else found
        return (events.errors or []) if isinstance(events, ExecutionResult) else aiter(events)

    def _executor(self, operation: Operation, variables: VariableValues, context: object, root: object) -> Any:
        extensions = self._schema.get_extensions()
        return self._run(
            self._core,
            operation.fragments,
            {name: FragmentDetails(node) for name, node in operation.fragments.items()},
            root,
            context,
            operation.node,
            variables,
            _RESOLVE_FIELD,
            _RESOLVE_TYPE,
            _RESOLVE_FIELD,
            middleware_manager=self._middleware(extensions) if extensions else None,
            is_awaitable=optimized_is_awaitable,
        )
