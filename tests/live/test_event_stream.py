"""Server-sent events: the same events over plain HTTP."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import psycopg

from tests.live.people import PATIENCE, Person, log_in

MESSAGES = "subscription ($after: String) { messageAdded(after: $after) { cursor message { content } } }"


@asynccontextmanager
async def streaming(person: Person, query: str, **headers: str) -> AsyncGenerator[httpx.Response]:
    own = {"authorization": f"Bearer {person.token}", "accept": "text/event-stream", **headers}
    async with (
        httpx.AsyncClient(base_url=person.address, headers=own, timeout=30) as client,
        client.stream("POST", "/graphql", json={"query": query}) as response,
    ):
        yield response


async def blocks(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """The events of a stream: each field by its name."""
    block: dict[str, Any] = {}
    async for line in response.aiter_lines():
        if line.startswith(":"):
            continue
        if not line:
            yield block
            block = {}
        else:
            name, _, value = line.partition(":")
            block[name] = value.strip()


async def taken(found: AsyncIterator[dict[str, Any]]) -> dict[str, Any]:
    return await asyncio.wait_for(anext(found), PATIENCE)


async def test_events_come_with_their_cursor_as_id_and_are_resumed(ada: Person, ben: Person) -> None:
    recipient = await ada.user_id()
    async with streaming(ada, MESSAGES) as response:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream"
        assert (response.headers["x-accel-buffering"], response.headers["cache-control"]) == ("no", "no-store")
        found = blocks(response)
        await ben.write("one", recipient)
        block = await taken(found)
    assert block["event"] == "next"
    event = json.loads(block["data"])["data"]["messageAdded"]
    assert (event["message"]["content"], event["cursor"]) == ("one", block["id"])
    await ben.write("two", recipient)
    async with streaming(ada, MESSAGES, **{"last-event-id": block["id"]}) as response:
        block = await taken(blocks(response))
    assert json.loads(block["data"])["data"]["messageAdded"]["message"]["content"] == "two"


async def test_a_query_of_who_accepts_nothing_else_is_one_event(ada: Person) -> None:
    async with streaming(ada, "{ viewer { user { username } } }") as response:
        found = [block async for block in blocks(response)]
    assert [block["event"] for block in found] == ["next", "complete"]
    assert json.loads(found[0]["data"])["data"] == {"viewer": {"user": {"username": "ada"}}}


async def test_a_query_of_who_accepts_json_too_is_answered_in_json(ada: Person) -> None:
    async with streaming(ada, "{ __typename }", accept="application/json, text/event-stream") as response:
        assert response.headers["content-type"].startswith("application/json")


async def test_what_is_refused_is_answered_in_json_with_its_code(ada: Person) -> None:
    for query, status, code in (
        ("subscription { nonsense { cursor } }", 200, "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { messageAdded(after: "x") { cursor } }', 200, "BAD_CURSOR"),
        ("subscription { messageAdded { cursor } notificationAdded { cursor } }", 200, "GRAPHQL_VALIDATION_FAILED"),
    ):
        async with streaming(ada, query) as response:
            body = json.loads(await response.aread())
        assert (response.status_code, body["errors"][0]["extensions"]["code"]) == (status, code), body


async def test_who_accepts_no_stream_reads_how_to_subscribe(ada: Person) -> None:
    async with streaming(ada, MESSAGES, accept="application/json") as response:
        body = json.loads(await response.aread())
    assert response.status_code == 400
    assert "graphql-transport-ws" in body["errors"][0]["message"]


async def test_the_end_of_the_session_is_the_last_event(address: str, database_url: str) -> None:
    cleo = await log_in(address, "cleo")
    async with streaming(cleo, MESSAGES) as response:
        with psycopg.connect(database_url, autocommit=True) as connection:
            cleo_id = "(SELECT id FROM users WHERE username = 'cleo')"
            connection.execute(f"UPDATE app.sessions SET revoked_at = now() WHERE user_id = {cleo_id}".encode())
        found = [block async for block in blocks(response)]
    assert [block["event"] for block in found] == ["next", "complete"]
    assert json.loads(found[0]["data"])["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_whoever_leaves_frees_their_place(ada: Person, ben: Person) -> None:
    for _ in range(60):  # more than one address has
        async with streaming(ada, MESSAGES) as response:
            assert response.status_code == 200
    async with streaming(ada, MESSAGES) as response:
        await ben.write("still", await ada.user_id())
        assert (await taken(blocks(response)))["event"] == "next"
