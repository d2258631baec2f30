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
from api.http.refusals import refusal
from api.http.requests import GraphQLRequest, RequestError
from api.http.responses import ResponseWriter
from api.http.subscriptions import OpenSubscription, Subscriptions

KEEP_ALIVE_SECONDS = 12.0
_HEAD = (
    (b"content-type", EVENTS),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-accel-buffering", b"no"),  # a proxy passes on each event as it comes
)
_COMPLETE = b"event: complete\ndata:\n\n"
_KEEP_ALIVE = b":\n\n"
_OVER = GraphQLError("The session is over. Log in again.", extensions={"code": "UNAUTHENTICATED"})


class EventStreams:
    """Answers whoever accepts a stream of events, and asks for what is no other answer to them."""

    def __init__(self, subscriptions: Subscriptions, connections: LiveConnections) -> None:
        self._subscriptions = subscriptions
        self._operations = subscriptions.operations
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
        return media_type(accept) is None or await self._is_subscription(request, caller, identity)

    async def answer(
        self, request: GraphQLRequest, caller: Caller, identity: Identity, writer: ResponseWriter, send: Send
    ) -> None:
        """Returns when the operation is through, or its client has gone; RequestError or DocumentError before that."""
        if not await self._is_subscription(request, caller, identity):
            kinds = self._operations.kinds_of(caller)
            result = await self._operations.run(request, caller, identity, kinds)
            if result.cost is None:
                raise DocumentError(result.errors)
            await _begin(caller, writer, send)
            await _send(send, await _event(writer, result) + _COMPLETE, more=False)
            return
        with self._connections.one_more(caller_address(caller.scope)):
            opened = await self._subscriptions.open(_resumed(request, caller), caller, identity)
            try:
                await _begin(caller, writer, send)
                await self._stream(opened, caller, writer, send)
            finally:
                await opened.aclose()

    async def _is_subscription(self, request: GraphQLRequest, caller: Caller, identity: Identity) -> bool:
        operation = await self._operations.find(request, self._operations.payer(caller, identity))
        return operation.kind is OperationType.SUBSCRIPTION

    async def _stream(self, opened: OpenSubscription, caller: Caller, writer: ResponseWriter, send: Send) -> None:
        """Until the client has gone, the session is over, or an event cannot be delivered."""
        over = asyncio.Event()
        with self._subscriptions.guard(await self._subscriptions.identity(caller), over.set):
            pump = asyncio.create_task(self._pump(opened, caller, writer, send))
            ended, leaving = asyncio.create_task(over.wait()), asyncio.create_task(self._draining.wait())
            tasks: list[asyncio.Task[Any]] = [pump, ended, leaving, asyncio.create_task(_until_gone(caller))]
            try:
                while not (await asyncio.wait(tasks, timeout=KEEP_ALIVE_SECONDS, return_when="FIRST_COMPLETED"))[0]:
                    await _send(send, _KEEP_ALIVE)
            finally:
                done = [task for task in tasks if task.done()]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        if pump in done:
            pump.result()
        elif ended in done:
            await _send(send, _next(writer.not_executed([_OVER]).body) + _COMPLETE, more=False)
        elif leaving in done:
            await _send(send, b"", more=False)

    async def _pump(self, opened: OpenSubscription, caller: Caller, writer: ResponseWriter, send: Send) -> None:
        try:
            async for event in self._subscriptions.events(opened, caller):
                place = b"" if event.cursor is None else b"id: %b\n" % event.cursor.encode()
                await _send(send, place + await _event(writer, event.result))
        except (RequestError, DocumentError) as error:  # its head is sent: what went wrong is the last event
            refused = refusal(self._operations, writer, caller, error)
            await _send(send, _next(refused.body) + _COMPLETE, more=False)


async def _begin(caller: Caller, writer: ResponseWriter, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [*_HEAD, *writer.own_headers]})
    caller.line.status = 200


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
