"""GraphQL over server-sent events: the protocol graphql-sse, a connection for each operation.

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. What is refused before anything runs is answered as
elsewhere, in JSON; what has begun is a stream that ends with `complete`.
"""

import asyncio
from typing import Any

from graphql import GraphQLError, OperationType
from starlette.types import Send

from api.execution.operations import DocumentError
from api.http.live_connections import LiveConnections
from api.http.media_types import EVENTS, media_type, wants_events
from api.http.operation import Caller
from api.http.payers import Identity
from api.http.progress import Result
from api.http.rate_limit import caller_address
from api.http.requests import GraphQLRequest, RequestError
from api.http.responses import ResponseWriter
from api.http.subscriptions import OpenSubscription
from api.http.transport_ws import Services

KEEP_ALIVE_SECONDS = 12.0
_HEAD = (
    (b"content-type", EVENTS),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-accel-buffering", b"no"),  # a proxy passes on each event as it comes
)
_COMPLETE = b"event: complete\ndata:\n\n"
_KEEP_ALIVE = b":\n\n"
_BY_POST = (OperationType.QUERY, OperationType.MUTATION)
_BY_GET = (OperationType.QUERY,)


class EventStreams:
    """Answers whoever accepts a stream of events, and asks for what is no other answer to them."""

    def __init__(self, services: Services, connections: LiveConnections) -> None:
        self._services = services
        self._connections = connections
        self._draining = asyncio.Event()

    def drain(self) -> None:
        """End all streams, without `complete`: clients come back, and go on elsewhere."""
        self._draining.set()

    async def takes(self, request: GraphQLRequest, caller: Caller, identity: Identity) -> bool:
        """Whether the answer is a stream: to a subscription, and to all who accept nothing else."""
        accept = caller.headers.get(b"accept")
        if accept is None or not wants_events(accept):
            return False
        if media_type(accept) is None:
            return True
        operation = await self._services.operations.find(request, identity.account or caller_address(caller.scope))
        return operation.kind is OperationType.SUBSCRIPTION

    async def answer(
        self, request: GraphQLRequest, caller: Caller, identity: Identity, writer: ResponseWriter, send: Send
    ) -> None:
        """Returns when the operation is through, or its client has gone; RequestError or DocumentError before that."""
        services, payer = self._services, identity.account or caller_address(caller.scope)
        services.operations.check_values(request)
        operation = await services.operations.find(request, payer)
        if operation.kind is not OperationType.SUBSCRIPTION:
            kinds = _BY_GET if caller.scope["method"] == "GET" else _BY_POST
            result = await services.operations.run(request, caller, identity, kinds)
            if result.cost is None:
                raise DocumentError(result.errors)
            await self._begin(caller, writer, send)
            await _send(send, await _event(writer, result) + _COMPLETE, more=False)
            return
        with self._connections.one_more(caller_address(caller.scope)):
            opened = await services.subscriptions.open(_resumed(request, caller), caller, identity)
            try:
                await self._begin(caller, writer, send)
                await self._stream(opened, caller, writer, send)
            finally:
                await opened.aclose()

    async def _begin(self, caller: Caller, writer: ResponseWriter, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [*_HEAD, *writer.own_headers]})
        caller.line.status = 200

    async def _stream(self, opened: OpenSubscription, caller: Caller, writer: ResponseWriter, send: Send) -> None:
        """Until the client has gone, the session is over, or an event cannot be delivered."""
        over = asyncio.Event()
        with self._services.guard(await self._identity(caller), over.set):
            pump = asyncio.create_task(self._pump(opened, caller, writer, send))
            ended = asyncio.create_task(over.wait())
            leaving = asyncio.create_task(self._draining.wait())
            tasks: list[asyncio.Task[Any]] = [pump, ended, leaving, asyncio.create_task(_until_gone(caller))]
            try:
                while not (await asyncio.wait(tasks, timeout=KEEP_ALIVE_SECONDS, return_when="FIRST_COMPLETED"))[0]:
                    await _send(send, _KEEP_ALIVE)
            finally:
                done = [task for task in tasks if task.done()]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        if ended in done:
            over_error = GraphQLError("The session is over. Log in again.", extensions={"code": "UNAUTHENTICATED"})
            await _send(send, _next(writer.not_executed([over_error]).body) + _COMPLETE, more=False)
        elif leaving in done:
            await _send(send, b"", more=False)
        elif pump in done and not pump.cancelled() and (error := pump.exception()) is not None:
            raise error

    async def _pump(self, opened: OpenSubscription, caller: Caller, writer: ResponseWriter, send: Send) -> None:
        subscriptions = self._services.subscriptions
        try:
            async for event in opened.events:
                result = await subscriptions.result(opened, event, caller, await self._identity(caller))
                if result.cost is None:
                    await _send(send, _next(writer.not_executed(result.errors).body) + _COMPLETE, more=False)
                    return
                key = getattr(event, "cursor", None)
                await _send(send, (b"" if key is None else b"id: %b\n" % key.encode()) + await _event(writer, result))
        except RequestError as error:  # its head is sent: what went wrong is the last event
            await _send(send, _next(writer.refused(error).body) + _COMPLETE, more=False)

    async def _identity(self, caller: Caller) -> Identity:
        identity = self._services.operations.identify(caller.scope, caller.headers)
        if identity.account is None:
            await identity.look_up()
        return identity


async def _event(writer: ResponseWriter, result: Result) -> bytes:
    answer = await writer.executed(result.data, result.errors, result.cost or {}, wrote=result.wrote)
    return _next(answer.body)


def _next(body: bytes | bytearray) -> bytes:
    """JSON has no line ends but those that are escaped, so that it is one line of data."""
    return b"event: next\ndata: %b\n\n" % body


async def _send(send: Send, body: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def _until_gone(caller: Caller) -> None:
    while (await caller.receive())["type"] != "http.disconnect":
        pass


def _resumed(request: GraphQLRequest, caller: Caller) -> GraphQLRequest:
    """A browser that reconnects says which event it has seen: that is `$after`, where the document has one."""
    seen = caller.headers.get(b"last-event-id")
    if seen is None:
        return request
    return request._replace(variables={**(request.variables or {}), "after": seen.decode("latin-1")})
