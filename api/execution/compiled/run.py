"""One execution of a compiled operation: its inputs, and the errors that occurred."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

from graphql import FieldNode, GraphQLError, GraphQLSchema, located_error
from graphql.execution.values import VariableValues

from api.execution.compiled.positions import Positions, Step
from api.execution.engine import UNBOUNDED, Bounds
from api.execution.operations import Operation


class Failed:
    """The type of FAILED."""

    def __repr__(self) -> str:
        return "FAILED"


# Stands in a column where a value that may not be null could not be had: what holds it becomes null in its place.
FAILED: Final = Failed()


class _Failure(NamedTuple):
    error: GraphQLError
    steps: list[Step]


class Run:
    """`broken`: some column holds FAILED. `stopped` is why nothing more is begun, and None while there is no reason."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: Operation,
        variables: VariableValues,
        context: object,
        root: object,
        bounds: Bounds = UNBOUNDED,
    ) -> None:
        self.schema = schema
        self.operation = operation
        self.variables = variables
        self.context = context
        self.root = root
        self.broken = False
        self.loop = asyncio.get_running_loop()
        self.stopped: GraphQLError | None = None
        self.spent = 0
        self._points, self._until = bounds
        self._failures: list[_Failure] = []

    def is_beyond(self, points: int) -> bool:
        """Count the cost of the objects of a column; whether the operation has to stop before it looks into them."""
        self.spent += points
        return self.spent > self._points or time.monotonic() >= self._until

    @property
    def is_late(self) -> bool:
        """Whether it has been stopped for its deadline, not for its cost."""
        return self.spent <= self._points

    def stop(self, nodes: Sequence[FieldNode], positions: Positions, size: int) -> "list[Failed | None]":
        """What stands for the objects of a column for which the operation has been stopped: one error for them all."""
        if self.stopped is None:
            self.fail(_late() if self.is_late else _too_dear(), nodes, positions, 0, required=True)
            self.stopped = self._failures[-1].error
        self.broken = True
        return [FAILED] * size

    def fail(
        self, error: Exception, nodes: Sequence[FieldNode], positions: Positions, index: int, *, required: bool
    ) -> Failed | None:
        """Note the error of a value; what stands in its place."""
        steps = positions.steps(index)
        self._failures.append(_Failure(located_error(error, nodes, [step.key for step in steps]), steps))
        if required:
            self.broken = True
            return FAILED
        return None

    def errors(self) -> list[GraphQLError]:
        """The errors in the order of the response, at most one for each position that became null.

        An error makes the nearest nullable position null; other errors below that one are not reported, as if execution
        had stopped there.
        """
        if len(self._failures) < 2:  # noqa: PLR2004  # the sorting below is for several
            return [failure.error for failure in self._failures]
        reported: list[GraphQLError] = []
        nulled: set[tuple[str | int, ...]] = set()
        for failure in sorted(self._failures, key=_in_response_order):
            position = _nulled_by(failure.steps)
            if not any(position[:length] in nulled for length in range(len(position) + 1)):
                nulled.add(position)
                reported.append(failure.error)
        return reported


def _too_dear() -> GraphQLError:
    message = "The operation found more than it may cost, and was stopped: ask for less at a time."
    return GraphQLError(message, extensions={"code": "COST_LIMIT"})


def _late() -> GraphQLError:
    return GraphQLError("The request took too long and was stopped.", extensions={"code": "TIMEOUT"})


def _in_response_order(failure: _Failure) -> list[int]:
    return [step.order for step in failure.steps]


def _nulled_by(steps: list[Step]) -> tuple[str | int, ...]:
    depth = len(steps)
    while depth and steps[depth - 1].required:
        depth -= 1
    return tuple(step.key for step in steps[:depth])
