"""What goes back over the wire: how large an answer may be, and how long it waits for its reader."""

import asyncio
import socket
import threading
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import Any

import orjson
import pytest
import uvicorn
from graphql import GraphQLError, OperationDefinitionNode, parse
from starlette.types import Receive, Scope, Send

from api.http import responses as answers
from api.http.responses import ResponseWriter, bounded_json
from api.http.unread import UnreadResponses
from api.http.uvicorn_limits import bounded
from tests.http.conftest import present

VALUES: list[Any] = [
    {},
    [],
    None,
    "é\n",
    {"a": 1, "b": [1, 2.5, None]},
    {"a": [{"b": "x"}, {"b": [["y"], []]}, None], "c": {"d": {}}},
    {"of many": {str(number): number for number in range(20)}, "long": list(range(20))},
    [[{"a": {"b": 1}}], "x"],
]


@pytest.mark.parametrize("value", VALUES)
async def test_json_in_pieces_is_the_same_json(value: object) -> None:
    whole = orjson.dumps(value)
    assert await bounded_json(value, len(whole)) == whole
    assert await bounded_json(value, len(whole) - 1) is None or len(whole) < 4


async def test_other_tasks_run_while_a_large_response_is_serialised() -> None:
    text = "x" * 100_000
    nodes = [{"content": text} for _ in range(100)]
    writing = asyncio.create_task(bounded_json({"nodes": nodes}, 20_000_000))
    turns = 0
    while not writing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 40


async def test_an_answer_that_is_too_large_is_not_written_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MAX_BYTES", 10_000)
    text = "x" * 1000
    data = {"nodes": [{"a": text, "b": [text]} for _ in range(1000)]}
    for actual in (1, 3000):  # where the price says that it may be large, and where it was wrong
        answer = await ResponseWriter(None, None, present, ()).executed(data, [], {"requested": 1, "actual": actual})
        body = orjson.loads(answer.body)
        assert (answer.status, body["data"]) == (200, None)
        assert body["errors"][0]["extensions"]["code"] == "COST_LIMIT"
        assert "What a mutation has written is stored" in body["errors"][0]["message"]


ANSWER = b"x" * 20_000_000


async def _large(scope: Scope, receive: Receive, send: Send) -> None:
    del scope, receive
    await send({"type": "http.response.start", "status": 200, "headers": ((b"content-length", b"20000000"),)})
    await send({"type": "http.response.body", "body": ANSWER})


@contextmanager
def _serving(unread: UnreadResponses) -> Generator[int]:
    config = uvicorn.Config(_large, http=bounded(4096, unread=unread), lifespan="off", log_config=None, loop="uvloop")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def _asking(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=10)
    client.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    return client


def _received(client: socket.socket) -> int:
    found = 0
    try:
        while found < len(ANSWER) and (piece := client.recv(1 << 20)):
            found += len(piece)
    except ConnectionError:
        return -1
    return found


def _until(expected: int, unread: UnreadResponses) -> None:
    deadline = time.monotonic() + 10
    while unread.count != expected:
        assert time.monotonic() < deadline, f"{unread.count} connections wait for their readers"


def test_a_client_that_does_not_read_is_cut_off_in_time() -> None:
    unread = UnreadResponses(seconds=0.3)
    with _serving(unread) as port, _asking(port) as idle, _asking(port) as reader:
        assert _received(reader) >= len(ANSWER)
        _until(0, unread)
        assert _received(idle) < len(ANSWER)


def _begun(client: socket.socket) -> None:
    """Until a part of the body has come: from then on the server knows that the rest waits."""
    deadline = time.monotonic() + 10
    while len(client.recv(100_000, socket.MSG_PEEK)) < 10_000:
        assert time.monotonic() < deadline, "no body came"


def test_where_too_much_waits_who_has_waited_longest_is_cut_off() -> None:
    # of each answer some megabytes are in the sockets: three fit, the fourth does not
    unread = UnreadResponses(seconds=60, max_bytes=50_000_000)
    with _serving(unread) as port, ExitStack() as closing:
        clients: list[socket.socket] = []
        for number in range(4):
            clients.append(closing.enter_context(_asking(port)))
            _begun(clients[-1])
            _until(min(number + 1, 3), unread)
        assert [_received(client) >= len(ANSWER) for client in clients] == [False, True, True, True]
        closing.close()
        _until(0, unread)


async def test_a_reader_that_catches_up_is_left_alone() -> None:
    unread = UnreadResponses(seconds=0.2)
    with _serving(unread) as port, await asyncio.to_thread(_asking, port) as client:
        assert await asyncio.to_thread(_received, client) >= len(ANSWER)
        _until(0, unread)
        await asyncio.sleep(0.4)
        client.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        assert await asyncio.to_thread(_received, client) >= len(ANSWER)


async def test_errors_come_in_the_order_of_the_document() -> None:
    """Whatever finished first: the first one decides about the status."""
    document = parse("{ a b c }")
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    nodes = operation.selection_set.selections
    codes = ["UNAUTHENTICATED", "BAD_USER_INPUT", "FORBIDDEN"]
    errors = [
        GraphQLError(code, [node], path=[code.lower()], extensions={"code": code})
        for code, node in zip(codes, nodes, strict=True)
    ]
    answer = await ResponseWriter(None, None, present, ()).executed(None, errors[::-1], {"requested": 1, "actual": 1})
    assert answer.status == 401
    assert [error["extensions"]["code"] for error in orjson.loads(answer.body)["errors"]] == codes
