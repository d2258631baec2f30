"""graphql-transport-ws exactly as specified: what breaks it, and what ends a socket."""

import asyncio
import json

import psycopg
import pytest
from websockets.exceptions import InvalidStatus

from tests.live.people import PATIENCE, Person, Socket, log_in, opened

INIT: dict[str, object] = {"type": "connection_init"}
ASK: dict[str, object] = {"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}
WATCH: dict[str, object] = {**ASK, "id": "w", "payload": {"query": "subscription { messageAdded { cursor } }"}}


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([ASK], 4401),
        ([INIT, INIT], 4429),
        ([{"type": "nonsense"}], 4400),
        ([INIT, {"type": "complete"}], 4400),
        (["no JSON"], 4400),
        (["é" * 2000], 4400),
        ([INIT, {**WATCH, "id": "é" * 200}, {**WATCH, "id": "é" * 200}], 4409),
        ([[1]], 4400),
        ([b"binary"], 4400),
        ([{**INIT, "payload": "x"}], 4400),
        ([{**INIT, "payload": {"authorization": "Bearer nonsense"}}], 4403),
        ([{**INIT, "payload": {"Authorization": 7}}], 4403),
        ([INIT, {**ASK, "id": ""}], 4400),
        ([INIT, {**ASK, "id": 1}], 4400),
        ([INIT, {**ASK, "payload": {"query": 5}}], 4400),
        ([INIT, {"type": "subscribe", "id": "1"}], 4400),
        ([INIT, {**ASK, "payload": {"query": '{ a(b: "\u0000") }'}}], 4400),
    ],
)
async def test_what_breaks_the_protocol_closes_with_its_code(address: str, messages: list[object], code: int) -> None:
    async with opened(address) as connection:
        for message in messages:
            sent = message if isinstance(message, bytes | str) else json.dumps(message)
            await connection.send(sent)
        assert (await Socket(connection).closed())[0] == code


async def test_an_id_is_used_by_one_operation_at_a_time(ada: Person) -> None:
    async with ada.socket() as socket:
        for _ in range(2):
            await socket.connection.send(json.dumps(WATCH))
        assert await socket.closed() == (4409, "Subscriber for w already exists")


async def test_who_speaks_another_protocol_is_closed(address: str) -> None:
    async with opened(address, None) as connection:
        assert (await Socket(connection).closed())[0] == 4406


@pytest.mark.parametrize("said", [None, {"type": "pong"}])
async def test_who_does_not_introduce_themselves_is_closed(address: str, said: dict[str, str] | None) -> None:
    async with opened(address) as connection:
        if said is not None:
            await connection.send(json.dumps(said))
        await asyncio.wait_for(connection.wait_closed(), 15)
        assert connection.close_code == 4408


async def test_ping_and_pong_carry_their_payload(address: str) -> None:
    async with opened(address) as connection:
        socket = Socket(connection)
        await socket.send(type="ping", payload={"a": 1})
        assert await socket.receive() == {"type": "pong", "payload": {"a": 1}}
        await socket.send(type="ping")
        assert await socket.receive() == {"type": "pong"}


async def test_a_message_over_64_kib_closes_the_socket(ada: Person) -> None:
    async with ada.socket() as socket:
        await socket.send(type="ping", payload={"a": "x" * 65_536})
        assert (await socket.closed())[0] == 1009


async def test_queries_and_mutations_are_answered_like_elsewhere(ada: Person) -> None:
    async with ada.socket() as socket:
        assert await socket.query("{ viewer { user { username } } }") == {"viewer": {"user": {"username": "ada"}}}
        await socket.send(type="subscribe", id="z", payload={"query": "{ nonsense }"})
        refused = await socket.receive()
        assert (refused["type"], refused["id"]) == ("error", "z")
        assert refused["payload"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        changed = await socket.query("mutation { markNotificationsRead(input: {ids: []}) { userErrors { code } } }")
        assert changed == {"markNotificationsRead": {"userErrors": [{"code": "BAD_USER_INPUT"}]}}


async def test_complete_ends_a_subscription_and_frees_its_id(ada: Person, ben: Person) -> None:
    async with ada.socket() as socket:
        await socket.connection.send(json.dumps(WATCH))
        await socket.query("{ __typename }")
        await socket.send(type="complete", id="w")
        await ben.write("unheard", await ada.user_id())
        await socket.silence()


async def test_without_signing_in_queries_are_answered_and_nothing_is_watched(address: str) -> None:
    async with opened(address) as connection:
        socket = Socket(connection)
        await socket.send(**INIT)
        await socket.receive()
        assert await socket.query("{ __typename }") == {"__typename": "Query"}
        await socket.connection.send(json.dumps(WATCH))
        assert [error["extensions"]["code"] for error in (await socket.receive())["payload"]] == ["UNAUTHENTICATED"]


async def test_a_socket_takes_fifty_operations(ada: Person) -> None:
    async with ada.socket() as socket:
        for number in range(51):
            await socket.connection.send(json.dumps({**WATCH, "id": str(number)}))
        refused = await socket.receive()
        assert (refused["id"], refused["payload"][0]["extensions"]["code"]) == ("50", "RATE_LIMITED")


@pytest.mark.parametrize(
    "end",
    [
        "UPDATE app.sessions SET revoked_at = now() WHERE user_id = (SELECT id FROM users WHERE username = 'cleo')",
        "UPDATE users SET status = 'suspended' WHERE username = 'cleo'",
    ],
)
async def test_the_end_of_a_session_closes_its_socket(address: str, database_url: str, end: str) -> None:
    cleo = await log_in(address, "cleo")
    async with cleo.socket() as socket:
        await socket.connection.send(json.dumps(WATCH))
        await socket.query("{ __typename }")
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(end.encode())
            try:
                assert await socket.closed() == (4401, "The session is over")
            finally:
                connection.execute("UPDATE users SET status = 'active' WHERE username = 'cleo'")


async def test_a_page_of_another_site_may_not_use_the_cookie(ada: Person, address: str) -> None:
    headers = {"cookie": f"vrss_session={ada.token}", "origin": "https://evil.example"}
    with pytest.raises(InvalidStatus) as refused:
        async with opened(address, additional_headers=headers):
            pass
    assert refused.value.response.status_code == 403
    assert json.loads(refused.value.response.body or b"")["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_the_cookie_signs_in_a_page_of_this_site(ada: Person, address: str) -> None:
    headers = {"cookie": f"vrss_session={ada.token}", "origin": address}
    async with opened(address, additional_headers=headers) as connection:
        socket = Socket(connection)
        await socket.send(**INIT)
        await socket.receive()
        assert await socket.query("{ viewer { user { username } } }") == {"viewer": {"user": {"username": "ada"}}}


async def test_one_address_has_fifty_sockets_and_each_that_ends_frees_one(address: str) -> None:
    held = [opened(address) for _ in range(50)]
    connections = [await one.__aenter__() for one in held]
    try:
        with pytest.raises(InvalidStatus) as refused:
            async with opened(address):
                pass
        assert refused.value.response.status_code == 429
        connections[0].transport.abort()
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    async with opened(address):
                        break
                except InvalidStatus:
                    await asyncio.sleep(0.05)
    finally:
        for one in held:
            await one.__aexit__(None, None, None)
