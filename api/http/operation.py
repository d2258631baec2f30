"""The one path of every operation, whatever transport brings it: identity, document, price, run, outcome.

A transport reads a request and writes a result. What lies between is here, so that a query by GET and a mutation by
POST are known, priced, limited and ended in the same way.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from typing import Any, NamedTuple, Protocol

from graphql import GraphQLError, OperationType
from graphql.execution.values import VariableValues
from starlette.types import Receive, Scope

from api.execution.documents import POINTS_PER_FIELD, Documents
from api.execution.engine import Bounds, DeadlineError, Executor, Outcome
from api.execution.operations import DocumentError, Operation
from api.http.access_log import LogLine
from api.http.admission import Admission
from api.http.cancellation import ClientDisconnectedError, RequestCancellation
from api.http.payers import Identity, Payers
from api.http.persisted_documents import DocumentSource
from api.http.rate_limit import REFUSAL, Charge, RateLimiter, caller_address
from api.http.requests import GraphQLRequest, Header, Headers, RequestError

log = logging.getLogger("vrss.errors")

GRACE_SECONDS = 5.0  # how long a mutation may take to end after its deadline, while it says what it has done


class OperationContext(Protocol):
    """What the resolvers of an operation get, and what they add to the head of its answer."""

    @property
    def answer_headers(self) -> Sequence[Header]: ...

    @property
    def surcharge(self) -> int:
        """Points that it cost on top of what its document says."""
        ...

    def expire(self) -> None:
        """The deadline has passed: fail whatever is under way or is asked for from now on, with TIMEOUT."""
        ...


class Caller(NamedTuple):
    """Where a request comes from, and its log line."""

    scope: Scope
    headers: Headers
    receive: Receive
    line: LogLine

    @property
    def request_id(self) -> str:
        return self.line.request_id


Identify = Callable[[Scope, Headers], Identity]
ContextFor = Callable[[Caller, Any, Operation, Charge | None], AbstractAsyncContextManager[OperationContext]]


class OperationLimits(NamedTuple):
    """What limits operations. `heavy` admits those that may keep the database busy, after `admission` did."""

    rate_limiter: RateLimiter
    admission: Admission
    heavy: Admission
    document_source: DocumentSource
    deadline_seconds: float


class Result(NamedTuple):
    """The result of an operation. Where nothing of it has run there are only errors, and no cost.

    `wrote` is whether a mutation was executed whose data an error below it has nulled.
    """

    data: dict[str, Any] | None
    errors: list[GraphQLError]
    cost: Mapping[str, int] | None = None
    headers: Sequence[Header] = ()
    wrote: bool = False


class Operations:
    """Takes operations from request to result. `identify` must not fail: what is wrong is for `context_for` to say."""

    def __init__(
        self,
        documents: Documents,
        executor: Executor,
        *,
        identify: Identify,
        context_for: ContextFor,
        limits: OperationLimits,
    ) -> None:
        self._documents = documents
        self._executor = executor
        self.identify = identify
        self._context_for = context_for
        self._rate_limiter, self._admission, self._heavy, self._document_source, self._deadline = limits
        self._reading = asyncio.Lock()
        self._payers = Payers(self._rate_limiter)

    async def run(
        self,
        request: GraphQLRequest,
        caller: Caller,
        identity: Identity,
        kinds: Collection[OperationType],
        root: object = None,
    ) -> Result:
        """The result of a request.

        DocumentError or RequestError when it may not begin, ClientDisconnectedError when the client has disconnected.
        """
        self._documents.check_values(request.variables)  # before they wait for anything
        address = caller_address(caller.scope)
        progress, until = _Progress(), time.monotonic() + self._deadline
        try:
            with RequestCancellation(caller.receive, self._deadline) as cancellation:
                async with AsyncExitStack() as slots:
                    place = await slots.enter_async_context(AsyncExitStack())
                    await place.enter_async_context(self._admission.of(identity.account or address))
                    await self._prepare(progress, request, caller, identity.account or address, kinds)
                    operation, variables = progress.operation, progress.variables
                    if operation.cost.is_heavy:  # whoever waits for the others leaves their place to what is light
                        await place.aclose()
                        await slots.enter_async_context(self._heavy.of(identity.account or address))
                        await slots.enter_async_context(self._admission.of(identity.account or address))
                    async with self._context_for(caller, identity, operation, progress.charge) as progress.context:
                        if progress.writes:
                            cancellation.warn(progress.context.expire, GRACE_SECONDS)
                            until += GRACE_SECONDS
                        bounds = Bounds(self._rate_limiter.most - progress.least, until)
                        progress.outcome = await self._executor.execute(
                            operation, variables, progress.context, root, bounds
                        )
        except ClientDisconnectedError:
            if progress.charge is not None:
                payer = identity.account or address
                self._rate_limiter.settle(progress.charge, payer, progress.requested + progress.surcharge)
            raise
        except (RequestError, DocumentError):
            if progress.charge is not None and progress.context is None:  # refused while it waited, with nothing done
                self._rate_limiter.settle(progress.charge, identity.account or address, REFUSAL)
            raise
        except Exception as error:  # noqa: BLE001  # every exception is presented or masked
            progress.fail(error, caller.request_id)
        result = progress.result()
        if progress.charge is not None:
            payer, fine = (address, REFUSAL) if identity.refused else (identity.account or address, 0)
            actual = progress.requested + progress.surcharge if result.cost is None else result.cost["actual"]
            self._rate_limiter.settle(progress.charge, payer, actual + fine)
        return result

    def payer_of(self, caller: Caller, identity: Identity) -> AbstractAsyncContextManager[None]:
        """Around a request whose account is not known."""
        return self._payers.of(caller_address(caller.scope), identity)

    def charge_refusal(self, caller: Caller) -> None:
        """Charge for a request that was refused before anything ran; RequestError when the caller is rate limited.

        The address is charged: the session has not been verified.
        """
        self._rate_limiter.charge_refusal(caller_address(caller.scope))

    def charge_reading(self, payer: bytes, points: int) -> None:
        """Charge for the bytes of a request; RequestError or DocumentError when the caller is rate limited."""
        self._rate_limiter.charge_reading(payer, points)

    @staticmethod
    def payer(caller: Caller, identity: Identity) -> bytes:
        """The key of the bucket to charge: the account's once it is known, else the address's."""
        return identity.account or caller_address(caller.scope)

    async def _prepare(
        self,
        progress: "_Progress",
        request: GraphQLRequest,
        caller: Caller,
        payer: bytes,
        kinds: Collection[OperationType],
    ) -> None:
        """Find the requested operation, and charge for it."""
        operation = await self._operation(request, payer)
        caller.line.operation = operation.name
        if operation.kind not in kinds:
            raise _refused_kind(operation.kind, caller.scope)
        progress.operation = operation
        progress.variables = operation.variables(request.variables)
        if not self._executor.is_planned(operation, progress.variables):
            await self._plan(operation, progress.variables, payer)
        progress.least = operation.cost.least(progress.variables.coerced)
        progress.requested = operation.cost.requested(progress.variables.coerced)
        progress.charge = self._rate_limiter.charge(payer, progress.requested)

    async def _plan(self, operation: Operation, variables: VariableValues, payer: bytes) -> None:
        """Before anything runs, and one after the other as documents are read."""
        async with self._reading:
            await asyncio.sleep(0)
            if not self._executor.is_planned(operation, variables):  # or another request has paid for it meanwhile
                self._rate_limiter.charge_reading(payer, POINTS_PER_FIELD * operation.fields)
                self._executor.plan(operation, variables)

    async def _operation(self, request: GraphQLRequest, payer: bytes) -> Operation:
        text = self._document_source.text(request)
        if self._documents.knows(text):
            operation = self._documents.operation(text, request.operation_name)
        else:
            async with self._reading:  # one document after the other, so that other requests come in between
                await asyncio.sleep(0)
                pay = partial(self._rate_limiter.charge_reading, payer)
                operation = self._documents.operation(text, request.operation_name, pay=pay)
        if request.document_id is not None:
            self._document_source.keep(request)
        return operation


class _Progress:
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


def _refused_kind(kind: OperationType, scope: Scope) -> RequestError:
    if kind is OperationType.SUBSCRIPTION:
        return RequestError(400, "Subscriptions are not answered here.")
    return RequestError(405, f"{scope['method']} is for queries; send a POST request.", (b"allow", b"POST"))
