"""The GraphQL endpoint for WebSockets: who may open one, and how many."""

from contextlib import suppress

import orjson
from graphql import GraphQLError
from starlette.types import Receive, Scope, Send

from api.http.cookies import SessionCookies
from api.http.live_connections import LiveConnections
from api.http.rate_limit import caller_address
from api.http.requests import Headers, RequestError
from api.http.responses import PresentErrors, request_id
from api.http.subscriptions import Subscriptions
from api.http.transport_ws import PROTOCOL, Socket, SocketLimits

_NO_PROTOCOL = 4406


class WebSocketView:
    """The handshake. What is refused is refused over HTTP, with a code as elsewhere."""

    def __init__(
        self,
        subscriptions: Subscriptions,
        present: PresentErrors,
        cookies: SessionCookies,
        connections: LiveConnections,
        limits: SocketLimits | None = None,
    ) -> None:
        self._subscriptions = subscriptions
        self._present = present
        self._limits = limits or SocketLimits()
        self._cookies = cookies
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        headers: Headers = dict(scope["headers"])
        with suppress(OSError):  # the client has gone
            try:
                self._cookies.authorize(scope, headers)
                with self._connections.one_more(caller_address(scope)):
                    await self._accept(scope, headers, receive, send)
            except RequestError as error:  # which nothing raises once the socket is accepted
                await self._refuse(send, error, headers.get(b"x-request-id"))

    async def _accept(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        if PROTOCOL not in scope["subprotocols"]:
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": _NO_PROTOCOL, "reason": "Subprotocol not acceptable"})
            return
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
        await Socket(self._subscriptions, self._present, self._limits, (scope, headers, receive, send)).run()

    async def _refuse(self, send: Send, error: RequestError, given_id: bytes | None) -> None:
        own_id = request_id(given_id)
        refused = GraphQLError(str(error), extensions={"code": error.code})
        body = orjson.dumps({"errors": self._present([refused], own_id.decode())})
        head = [(b"content-type", b"application/json; charset=utf-8"), (b"cache-control", b"no-store")]
        head += [(b"x-content-type-options", b"nosniff"), (b"x-request-id", own_id), *error.headers]
        await send({"type": "websocket.http.response.start", "status": error.status, "headers": head})
        await send({"type": "websocket.http.response.body", "body": body})
