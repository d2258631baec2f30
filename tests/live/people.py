"""People with sockets: what a client of graphql-transport-ws sends and gets."""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

PASSWORD = "Vrss-demo-2026"
LOGIN = (
    "mutation ($login: String!, $password: String!) { login(input: {login: $login, password: $password}) { token } }"
)
SEND = """mutation ($input: SendMessageInput!) {
  sendMessage(input: $input) { message { id } conversation { id } userErrors { code } }
}"""
PROTOCOL = Subprotocol("graphql-transport-ws")
PATIENCE = 10


class Person:
    """Somebody who has logged in."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self.token = token

    async def run(self, query: str, **variables: object) -> Any:
        headers = {"authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(base_url=self.address, headers=headers, timeout=30) as client:
            response = await client.post("/graphql", json={"query": query, "variables": variables})
        body = response.json()
        assert "errors" not in body, body
        return body["data"]

    async def user_id(self) -> str:
        return (await self.run("{ viewer { user { id } } }"))["viewer"]["user"]["id"]

    async def write(self, content: str, recipient: str) -> str:
        """Send a message; the id of its conversation."""
        sent = (await self.run(SEND, input={"recipientId": recipient, "content": content}))["sendMessage"]
        assert sent["userErrors"] == [], sent
        return sent["conversation"]["id"]

    @asynccontextmanager
    async def socket(self) -> AsyncGenerator["Socket"]:
        async with opened(self.address) as connection:
            socket = Socket(connection)
            await socket.send(type="connection_init", payload={"authorization": f"Bearer {self.token}"})
            assert await socket.receive() == {"type": "connection_ack"}
            yield socket


async def log_in(address: str, login: str) -> Person:
    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        variables = {"login": login, "password": PASSWORD}
        response = await client.post("/graphql", json={"query": LOGIN, "variables": variables})
    return Person(address, response.json()["data"]["login"]["token"])


@asynccontextmanager
async def opened(address: str, protocol: str | None = PROTOCOL, **options: Any) -> AsyncGenerator[ClientConnection]:
    subprotocols = None if protocol is None else [Subprotocol(protocol)]
    url = address.replace("http", "ws", 1) + "/graphql"
    async with connect(url, subprotocols=subprotocols, ping_interval=None, **options) as connection:
        yield connection


class Socket:
    """A socket that has been acknowledged."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self._keys = map(str, itertools.count(1))

    async def send(self, **message: object) -> None:
        await self.connection.send(json.dumps(message))

    async def receive(self) -> Any:
        return json.loads(await asyncio.wait_for(self.connection.recv(), PATIENCE))

    async def subscribe(self, query: str, **variables: object) -> str:
        """The key of the subscription, once it has begun."""
        key = next(self._keys)
        await self.send(type="subscribe", id=key, payload={"query": query, "variables": variables})
        # What is asked behind it is answered when it has begun: both wait for the same account's turn.
        await self.query("{ __typename }")
        return key

    async def subscribe_at_once(self, query: str, **variables: object) -> str:
        """The key of a subscription whose events may come before anything else does."""
        key = next(self._keys)
        await self.send(type="subscribe", id=key, payload={"query": query, "variables": variables})
        return key

    async def query(self, query: str) -> Any:
        key = next(self._keys)
        await self.send(type="subscribe", id=key, payload={"query": query})
        found = await self.receive()
        assert (found["type"], found["id"]) == ("next", key), found
        assert await self.receive() == {"type": "complete", "id": key}
        return found["payload"]["data"]

    async def event(self, key: str) -> Any:
        found = await self.receive()
        assert (found["type"], found["id"]) == ("next", key), found
        assert "errors" not in found["payload"], found
        (event,) = found["payload"]["data"].values()
        return event

    async def silence(self, seconds: float = 1.5) -> None:
        """Nothing comes for longer than the server polls."""
        try:
            found = await asyncio.wait_for(self.connection.recv(), seconds)
        except TimeoutError:
            return
        raise AssertionError(found)

    async def closed(self) -> tuple[int | None, str | None]:
        """The code and the reason that the server closes it with."""
        await asyncio.wait_for(self.connection.wait_closed(), PATIENCE)
        return self.connection.close_code, self.connection.close_reason
