"""The executor: plans are made when they are first needed, and remembered with the operation that they belong to."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any

import strawberry
from graphql import (
    DirectiveNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationType,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.values import VariableValues

from api.execution.compiled.leaves import ColumnEncoder
from api.execution.compiled.plan import Compiler
from api.execution.compiled.positions import RootPosition
from api.execution.compiled.run import FAILED, Run
from api.execution.compiled.selections import FieldSelection
from api.execution.documents import MAX_PLANS
from api.execution.engine import UNBOUNDED, Bounds, DeadlineError, Executor, Outcome, StockExecutor
from api.execution.operations import Operation
from api.execution.tracing import Tracer

_UNCOMPILED_DIRECTIVES = {"defer", "stream", "experimental_disableErrorPropagation"}


class CompiledExecutor:
    """Executes queries and mutations by column.

    What changes the way in which an operation runs as a whole (incremental delivery, arguments of fragments) is left to
    `otherwise`; so is where the events of a subscription come from, and everything where extensions of the schema want
    to resolve fields.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        encoders: Mapping[str, ColumnEncoder] | None = None,
        otherwise: Executor | None = None,
        tracer: Tracer | None = None,
    ) -> None:
        """`encoders` write whole columns of scalars, by the names of the scalars; `tracer` sees fields as they run."""
        core: GraphQLSchema = schema._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # no public way
        self._schema = core
        self._encoders = dict(encoders or {})
        self._otherwise = otherwise or StockExecutor(schema)
        self._tracer = tracer
        self._extended = bool(schema.get_extensions())

    def is_planned(self, operation: Operation, variables: VariableValues) -> bool:
        plans = self._plans(operation)
        return self._extended or not plans.compiled or plans.has(variables)

    def plan(self, operation: Operation, variables: VariableValues) -> None:
        with suppress(GraphQLError):  # which is reported when it runs
            self._plans(operation).plan(variables)

    def _plans(self, operation: Operation) -> "_Plans":
        plans = operation.plan
        if not isinstance(plans, _Plans) or plans.schema is not self._schema:
            plans = operation.plan = _Plans(self._schema, self._encoders, operation, self._tracer)
        return plans

    async def events(
        self, operation: Operation, variables: VariableValues, context: object
    ) -> AsyncIterator[object] | list[GraphQLError]:
        return await self._otherwise.events(operation, variables, context)

    async def execute(
        self,
        operation: Operation,
        variables: VariableValues,
        context: object,
        root: object = None,
        bounds: Bounds = UNBOUNDED,
    ) -> Outcome:
        plans = self._plans(operation)
        if not plans.compiled or self._extended:
            return await self._otherwise.execute(operation, variables, context, root, bounds)
        run = Run(self._schema, operation, variables, context, root, bounds)
        try:
            plan = plans.plan(variables)
        except GraphQLError as error:  # of a directive at the root: it is unknown what is selected, so nothing runs
            return Outcome(None, [error])
        rows = plan.rows(run, [root], RootPosition())
        (data,) = rows if isinstance(rows, list) else await rows
        if run.stopped is not None:
            return _stopped(run, operation, data, run.stopped)
        return Outcome(None if data is FAILED else data, run.errors())


def _stopped(run: Run, operation: Operation, data: Any, stopped: GraphQLError) -> Outcome:
    """Of a query nothing is left; a mutation says what it has done."""
    if operation.kind is not OperationType.MUTATION:
        if run.is_late:
            raise DeadlineError
        return Outcome(None, [stopped], run.spent)
    return Outcome(None if data is FAILED else data, run.errors(), run.spent)


class _Plans:
    """The plans of one operation: one for each choice of the variables that its directives look at."""

    def __init__(
        self,
        schema: GraphQLSchema,
        encoders: dict[str, ColumnEncoder],
        operation: Operation,
        tracer: Tracer | None = None,
    ) -> None:
        self.schema = schema
        self._encoders = encoders
        self._operation = operation
        self._tracer = tracer
        found = _Directives()
        for node in (operation.node, *operation.fragments.values()):
            visit(node, found)
        self.compiled = not found.uncompiled
        self._names = sorted(found.variables)
        self._plans: OrderedDict[tuple[Any, ...], FieldSelection] = OrderedDict()

    def __len__(self) -> int:
        return len(self._plans)

    def has(self, variables: VariableValues) -> bool:
        return self._choice(variables) in self._plans

    def _choice(self, variables: VariableValues) -> tuple[Any, ...]:
        return tuple(map(variables.coerced.get, self._names)) if self._names else ()

    def plan(self, variables: VariableValues) -> FieldSelection:
        choice = self._choice(variables)
        plan = self._plans.get(choice)
        if plan is None:
            looked_at = self._looked_at(variables)
            plan = Compiler(self.schema, self._encoders, self._operation, looked_at, self._tracer).plan()
            self._keep(choice, plan)
        return plan

    def _keep(self, choice: tuple[Any, ...], plan: FieldSelection) -> None:
        """Remember a plan, in the place of the oldest where there is no room for one more."""
        book = self._operation.book
        if len(self._plans) >= MAX_PLANS or (book is not None and not book(not self._plans)):
            self._plans.popitem(last=False)
        self._plans[choice] = plan

    def _looked_at(self, variables: VariableValues) -> VariableValues:
        """The variables of the directives alone: a plan outlives the request that brought the others."""
        return VariableValues(
            *({name: found[name] for name in self._names if name in found} for found in variables),
        )


class _Directives(Visitor):
    """Which directives a document uses that are not compiled, and the variables of those that are."""

    def __init__(self) -> None:
        super().__init__()
        self.uncompiled = False
        self.variables: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        self.uncompiled |= node.name.value in _UNCOMPILED_DIRECTIVES
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.variables.add(argument.value.name.value)

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: Any) -> None:
        self.uncompiled |= bool(node.variable_definitions)
