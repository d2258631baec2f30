"""uvicorn's WebSocket protocol with a bound on how long a client may leave unread what it was sent.

By itself uvicorn waits for ever, and so does closing: only aborting the connection ends it. What was not delivered is
not lost, the client's cursor says where to go on.
"""

import asyncio
from typing import ClassVar

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from api.http.unread import UnreadResponses

MAX_MESSAGE_BYTES = 64 * 1024
UNREAD_SECONDS = 10.0


class BoundedSocketProtocol(WebSocketsSansIOProtocol):
    unread: ClassVar[UnreadResponses]

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body", False):
            self.handshake_complete = True  # or uvicorn logs that there was none

    def connection_lost(self, exc: Exception | None) -> None:
        self.unread.end(self.transport)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self.unread.begin(self.transport, self.loop)

    def resume_writing(self) -> None:
        super().resume_writing()
        self.unread.end(self.transport)


def bounded_sockets(unread: UnreadResponses | None = None) -> type[asyncio.Protocol]:
    """The protocol with this bound, as uvicorn takes it: a class."""
    bounds = {"unread": unread or UnreadResponses(seconds=UNREAD_SECONDS)}
    return type("SocketProtocol", (BoundedSocketProtocol,), bounds)
