"""A client that is gone before the server has answered is no fault of the server."""

from typing import Any

import pytest

from tests.api.conftest import api_over


@pytest.mark.parametrize("sent", ["no JSON", '{"type": "connection_init"}'])
@pytest.mark.parametrize("fails", ["websocket.accept", "websocket.send", "websocket.close"])
async def test_a_client_that_vanishes_ends_its_socket_without_a_fault(
    empty_database: str, sent: str, fails: str
) -> None:
    messages: list[dict[str, Any]] = [
        {"type": "websocket.connect"},
        {"type": "websocket.receive", "text": sent},
        {"type": "websocket.disconnect", "code": 1006},
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        if message["type"] == fails:
            raise OSError("the client has gone")

    scope: dict[str, Any] = {
        "type": "websocket",
        "path": "/graphql",
        "headers": [],
        "query_string": b"",
        "subprotocols": ["graphql-transport-ws"],
        "client": ("127.0.0.1", 1),
        "extensions": {"websocket.http.response": {}},
    }
    async with api_over(empty_database) as api:
        await api.app(scope, receive, send)
