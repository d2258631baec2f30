"""The one path of every operation, whatever transport brings it: identity, document, price, run, outcome.

A transport reads a request and writes a result. What lies between is here, so that a query by GET and a mutation by
POST are known, priced, limited and ended in the same way.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, NamedTuple, Protocol

from graphql import GraphQLError, OperationType
from graphql.execution.values import VariableValues
from starlette.types import Receive, Scope

from api.execution.documents import Documents
from api.execution.engine import Executor, Outcome
from api.execution.operations import Operation
from api.http.admission import Admission
from api.http.meter import WRONG_TOKEN, Charge, Meter, caller_address
from api.http.requests import GraphQLRequest, Header, Headers, RequestError
from api.http.texts import Texts
from api.http.watch import ClientLeftError, DeadlineError, Watch

log = logging.getLogger("vrss.errors")

GRACE_SECONDS = 5.0  # how long a mutation may take to end after its deadline, while it says what it has done


class Identity(Protocol):
    """Whose request it is, as far as that is known without asking the database."""

    @property
    def account(self) -> bytes | None:
        """A short key of the account that the token belongs to; None while that is not known, and without a token."""
        ...

    @property
    def refused(self) -> bool:
        """Whether the token turned out not to be valid."""
        ...


class OperationContext(Protocol):
    """What the resolvers of an operation get, and what they add to the head of its answer."""

    @property
    def answer_headers(self) -> Sequence[Header]: ...

    def expire(self) -> None:
        """The deadline has passed: fail whatever is under way or is asked for from now on, with TIMEOUT."""
        ...


class Caller(NamedTuple):
    """Where a request comes from, and under which id it is logged."""

    scope: Scope
    headers: Headers
    receive: Receive
    request_id: str


Identify = Callable[[Scope, Headers], Identity]
ContextFor = Callable[[Caller, Any, Operation, Charge | None], AbstractAsyncContextManager[OperationContext]]


class Gates(NamedTuple):
    """What limits operations."""

    meter: Meter
    admission: Admission
    texts: Texts
    deadline_seconds: float


class Prepared(NamedTuple):
    """An operation that has passed all checks of its document, and has been charged."""

    operation: Operation
    variables: VariableValues
    requested: int
    charge: Charge | None


class Result(NamedTuple):
    """What came of an operation. Where nothing of it has run there are errors alone, and no cost."""

    data: dict[str, Any] | None
    errors: list[GraphQLError]
    cost: Mapping[str, int] | None = None
    headers: Sequence[Header] = ()


class Operations:
    """Takes operations from request to result. `identify` must not fail: what is wrong is for `context_for` to say."""

    def __init__(
        self, documents: Documents, executor: Executor, *, identify: Identify, context_for: ContextFor, gates: Gates
    ) -> None:
        self._documents = documents
        self._executor = executor
        self.identify = identify
        self._context_for = context_for
        self._meter, self._admission, self._texts, self._deadline = gates

    def prepare(
        self, request: GraphQLRequest, caller: Caller, identity: Identity, kinds: Collection[OperationType]
    ) -> Prepared:
        """The operation that is asked for, valid and paid for; else DocumentError or RequestError."""
        key = identity.account or caller_address(caller.scope)
        text = self._texts.text(request)
        operation = self._documents.operation(
            text, request.operation_name, pay=partial(self._meter.charge_reading, key)
        )
        if request.document_id is not None:
            self._texts.keep(request)
        if operation.kind not in kinds:
            raise _refused_kind(operation.kind, caller.scope)
        variables = operation.variables(request.variables)
        requested = operation.cost.requested(variables.coerced)
        return Prepared(operation, variables, requested, self._meter.charge(key, requested))

    async def run(self, prepared: Prepared, caller: Caller, identity: Identity, root: object = None) -> Result:
        """What came of it. ClientLeftError when nobody waits for that any more, RequestError when it may not begin."""
        operation, variables, requested, charge = prepared
        address = caller_address(caller.scope)
        progress = _Progress(operation.kind is OperationType.MUTATION)
        try:
            with Watch(caller.receive, self._deadline) as watch:
                async with (
                    self._admission.of(identity.account or address),
                    self._context_for(caller, identity, operation, charge) as progress.context,
                ):
                    if progress.writes:
                        watch.warn(progress.context.expire, GRACE_SECONDS)
                    progress.outcome = await self._executor.execute(operation, variables, progress.context, root)
        except (ClientLeftError, RequestError):
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, it is presented or masked
            progress.fail(error, caller.request_id)
        actual, result = requested, progress.failure
        if result is None:
            outcome, context = progress.done
            actual = operation.cost.actual(outcome.data, variables.coerced)
            cost = {"requested": requested, "actual": actual}
            result = Result(outcome.data, outcome.errors, cost, context.answer_headers)
        if charge is not None:
            payer, fine = (address, WRONG_TOKEN) if identity.refused else (identity.account or address, 0)
            self._meter.settle(charge, payer, actual + fine)
        return result


class _Progress:
    """How far an operation has come. After a mutation has begun no answer denies what it did."""

    def __init__(self, writes: bool) -> None:
        self.writes = writes
        self.context: OperationContext | None = None
        self.outcome: Outcome | None = None
        self.failure: Result | None = None

    @property
    def done(self) -> tuple[Outcome, OperationContext]:
        assert self.outcome is not None and self.context is not None  # noqa: S101, PT018
        return self.outcome, self.context

    def fail(self, error: Exception, request_id: str) -> None:
        if not self.writes or self.context is None:
            late = isinstance(error, DeadlineError)
            self.failure = Result(None, [_late() if late else fault(error)])
        elif self.outcome is None:
            log.error("a mutation was interrupted in request %s", request_id, exc_info=error)
            self.failure = Result(None, [_unknown()])
        else:
            log.error("what follows a mutation failed in request %s", request_id, exc_info=error)


def fault(error: Exception) -> GraphQLError:
    return GraphQLError(str(error), original_error=error)


def _late() -> GraphQLError:
    return GraphQLError("The request took too long and was stopped.", extensions={"code": "TIMEOUT"})


def _unknown() -> GraphQLError:
    """A mutation began, and nobody knows what it has done."""
    message = "Nobody knows how much of this was stored. Look what is there before you try again."
    return GraphQLError(message, extensions={"code": "OUTCOME_UNKNOWN"})


def _refused_kind(kind: OperationType, scope: Scope) -> RequestError:
    if kind is OperationType.SUBSCRIPTION:
        return RequestError(400, "Subscriptions are not answered here.")
    return RequestError(405, f"{scope['method']} is for queries; send a POST request.", (b"allow", b"POST"))
