"""How far an operation has come, and what its result is."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from graphql import GraphQLError, OperationType
from graphql.execution.values import VariableValues

from api.execution.engine import DeadlineError, Outcome
from api.execution.operations import Operation
from api.http.headers import Header
from api.http.rate_limit import Charge

log = logging.getLogger("vrss.errors")


class OperationContext(Protocol):
    """What the resolvers of an operation get, and what they add to the head of its answer."""

    @property
    def answer_headers(self) -> Sequence[Header]: ...

    @property
    def surcharge(self) -> int:
        """Points that it cost on top of what its document says."""
        ...

    def require_active(self) -> None:
        """Raise where the account of the session is not active."""
        ...

    def expire(self) -> None:
        """The deadline has passed: fail whatever is under way or is asked for from now on, with TIMEOUT."""
        ...


class Result(NamedTuple):
    """The result of an operation. Where nothing of it has run there are only errors, and no cost.

    `wrote` is whether a mutation was executed whose data an error below it has nulled.
    """

    data: dict[str, Any] | None
    errors: list[GraphQLError]
    cost: Mapping[str, int] | None = None
    headers: Sequence[Header] = ()
    wrote: bool = False


class Progress:
    """The state of a request. After a mutation has begun, no response says that nothing was done."""

    operation: Operation
    variables: VariableValues
    least = 0
    requested = 0
    charge: Charge | None = None
    context: OperationContext | None = None
    outcome: Outcome | None = None
    error: GraphQLError | None = None

    @property
    def surcharge(self) -> int:
        """What came on top while it ran, also where nobody gets an answer."""
        return 0 if self.context is None else self.context.surcharge

    @property
    def writes(self) -> bool:
        return self.operation.kind is OperationType.MUTATION

    def anew(self) -> "Progress":
        """The same request before it was charged: an event of a subscription is one."""
        progress = Progress()
        progress.operation, progress.variables = self.operation, self.variables
        progress.least, progress.requested = self.least, self.requested
        return progress

    def fail(self, error: Exception, request_id: str) -> None:
        named = {"request_id": request_id}
        if self.context is None or not self.writes:
            self.error = too_late() if isinstance(error, DeadlineError) else fault(error)
        elif self.outcome is None:
            log.error("a mutation was interrupted in request %s", request_id, exc_info=error, extra=named)
            self.error = _unknown()
        else:
            log.error("what follows a mutation failed in request %s", request_id, exc_info=error, extra=named)

    def result(self) -> Result:
        if self.error is not None or self.outcome is None or self.context is None:
            return Result(None, [self.error or _unknown()])
        data, _, spent = self.outcome
        actual = self.operation.cost.actual(data, self.variables.coerced) if spent is None else self.least + spent
        cost = {"requested": self.requested, "actual": actual + self.context.surcharge}
        below = any(len(error.path or ()) > 1 for error in self.outcome.errors)
        wrote = self.writes and (below or spent is not None)  # one that was stopped had begun
        return Result(self.outcome.data, self.outcome.errors, cost, self.context.answer_headers, wrote)


def fault(error: Exception) -> GraphQLError:
    return GraphQLError(str(error), original_error=error)


def too_late() -> GraphQLError:
    """What a request is answered whose deadline has passed."""
    return GraphQLError("The request took too long and was stopped.", extensions={"code": "TIMEOUT"})


def _unknown() -> GraphQLError:
    """A mutation began, and its outcome is unknown."""
    message = "Nobody knows how much of this was stored. Look what is there before you try again."
    return GraphQLError(message, extensions={"code": "OUTCOME_UNKNOWN"})
