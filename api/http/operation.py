"""The one path of every operation, whatever transport brings it: identity, document, price, run, outcome.

A transport reads a request and writes a result. What lies between is here, so that a query by GET and a mutation by
POST are known, priced, limited and ended in the same way.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from typing import Any, NamedTuple

from graphql import OperationType
from graphql.execution.values import VariableValues
from starlette.types import Receive, Scope

from api.execution.documents import POINTS_PER_FIELD, Documents
from api.execution.engine import Bounds, Executor
from api.execution.operations import DocumentError, Operation
from api.http.access_log import LogLine
from api.http.admission import Admission
from api.http.cancellation import ClientDisconnectedError, RequestCancellation
from api.http.payers import Identity, Payers
from api.http.persisted_documents import DocumentSource
from api.http.progress import OperationContext, Progress, Result
from api.http.rate_limit import REFUSAL, Charge, RateLimiter, caller_address
from api.http.requests import GraphQLRequest, Headers, RequestError

log = logging.getLogger("vrss.errors")

_BY_POST = (OperationType.QUERY, OperationType.MUTATION)
_BY_GET = (OperationType.QUERY,)
GRACE_SECONDS = 5.0  # how long a mutation may take to end after its deadline, while it says what it has done


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
        self.executor = executor
        self.identify = identify
        self.context_for = context_for
        self.rate_limiter, self._admission, self._heavy, self._document_source, self.deadline_seconds = limits
        self._reading = asyncio.Lock()
        self._payers = Payers(self.rate_limiter)

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
        self.check_values(request)  # before they wait for anything
        address = caller_address(caller.scope)
        progress, until = Progress(), time.monotonic() + self.deadline_seconds
        try:
            with RequestCancellation(caller.receive, self.deadline_seconds) as cancellation:
                async with AsyncExitStack() as slots:
                    place = await slots.enter_async_context(AsyncExitStack())
                    await place.enter_async_context(self._admission.of(identity.account or address))
                    await self.prepare(progress, request, caller, identity.account or address, kinds)
                    operation, variables = progress.operation, progress.variables
                    if operation.cost.is_heavy:  # whoever waits for the others leaves their place to what is light
                        await place.aclose()
                        await self.admit(slots, operation, identity.account or address)
                    async with self.context_for(caller, identity, operation, progress.charge) as progress.context:
                        if progress.writes:
                            cancellation.warn(progress.context.expire, GRACE_SECONDS)
                            until += GRACE_SECONDS
                        bounds = Bounds(self.rate_limiter.most - progress.least, until)
                        progress.outcome = await self.executor.execute(
                            operation, variables, progress.context, root, bounds
                        )
        except ClientDisconnectedError:
            if progress.charge is not None:
                payer = identity.account or address
                self.rate_limiter.settle(progress.charge, payer, progress.requested + progress.surcharge)
            raise
        except (RequestError, DocumentError):
            if progress.charge is not None and progress.context is None:  # refused while it waited, with nothing done
                self.rate_limiter.settle(progress.charge, identity.account or address, REFUSAL)
            raise
        except Exception as error:  # noqa: BLE001  # every exception is presented or masked
            progress.fail(error, caller.request_id)
        result = progress.result()
        if progress.charge is not None:
            payer, fine = (address, REFUSAL) if identity.refused else (identity.account or address, 0)
            actual = progress.requested + progress.surcharge if result.cost is None else result.cost["actual"]
            self.rate_limiter.settle(progress.charge, payer, actual + fine)
        return result

    def check_values(self, request: GraphQLRequest) -> None:
        """DocumentError for variables that nobody should read."""
        self._documents.check_values(request.variables)

    async def admit(self, slots: AsyncExitStack, operation: Operation, payer: bytes) -> None:
        """Wait until an operation of this payer may be at work, and hold its place in `slots`."""
        if operation.cost.is_heavy:
            await slots.enter_async_context(self._heavy.of(payer))
        await slots.enter_async_context(self._admission.of(payer))

    def payer_of(self, caller: Caller, identity: Identity) -> AbstractAsyncContextManager[None]:
        """Around a request whose account is not known."""
        return self._payers.of(caller_address(caller.scope), identity)

    def charge_refusal(self, caller: Caller) -> None:
        """Charge for a request that was refused before anything ran; RequestError when the caller is rate limited.

        The address is charged: the session has not been verified.
        """
        self.rate_limiter.charge_refusal(caller_address(caller.scope))

    def charge_reading(self, payer: bytes, points: int) -> None:
        """Charge for the bytes of a request; RequestError or DocumentError when the caller is rate limited."""
        self.rate_limiter.charge_reading(payer, points)

    @staticmethod
    def kinds_of(caller: Caller) -> Collection[OperationType]:
        """What an HTTP request may ask for: GET changes nothing."""
        return _BY_GET if caller.scope["method"] == "GET" else _BY_POST

    @staticmethod
    def payer(caller: Caller, identity: Identity) -> bytes:
        """The key of the bucket to charge: the account's once it is known, else the address's."""
        return identity.account or caller_address(caller.scope)

    async def prepare(
        self,
        progress: "Progress",
        request: GraphQLRequest,
        caller: Caller,
        payer: bytes,
        kinds: Collection[OperationType],
    ) -> None:
        """Find the requested operation, and charge for it."""
        operation = await self.find(request, payer)
        caller.line.operation = operation.name
        if operation.kind not in kinds:
            raise _refused_kind(operation.kind, caller.scope)
        progress.operation = operation
        progress.variables = operation.variables(request.variables)
        if not self.executor.is_planned(operation, progress.variables):
            await self._plan(operation, progress.variables, payer)
        progress.least = operation.cost.least(progress.variables.coerced)
        progress.requested = operation.cost.requested(progress.variables.coerced)
        progress.charge = self.rate_limiter.charge(payer, progress.requested)

    async def _plan(self, operation: Operation, variables: VariableValues, payer: bytes) -> None:
        """Before anything runs, and one after the other as documents are read."""
        async with self._reading:
            await asyncio.sleep(0)
            if not self.executor.is_planned(operation, variables):  # or another request has paid for it meanwhile
                self.rate_limiter.charge_reading(payer, POINTS_PER_FIELD * operation.fields)
                self.executor.plan(operation, variables)

    async def find(self, request: GraphQLRequest, payer: bytes) -> Operation:
        """The requested operation, its document read and found valid."""
        text = self._document_source.text(request)
        if self._documents.knows(text):
            operation = self._documents.operation(text, request.operation_name)
        else:
            async with self._reading:  # one document after the other, so that other requests come in between
                await asyncio.sleep(0)
                pay = partial(self.rate_limiter.charge_reading, payer)
                operation = self._documents.operation(text, request.operation_name, pay=pay)
        if request.document_id is not None:
            self._document_source.keep(request)
        return operation


def _refused_kind(kind: OperationType, scope: Scope) -> RequestError:
    if kind is OperationType.SUBSCRIPTION:
        return RequestError(400, "Subscribe over WebSocket (graphql-transport-ws) or with Accept: text/event-stream.")
    return RequestError(405, f"{scope['method']} is for queries; send a POST request.", (b"allow", b"POST"))
