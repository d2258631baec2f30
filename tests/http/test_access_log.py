"""One line for each request, in which every id and every code that a client got is found again."""

import asyncio
import io
import json
import logging
import re
import socket

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope

from api.cli.logs import AccessHandler, LogFormat, formatter
from api.http import access_log
from api.http.access_log import AccessLog
from tests.http.conftest import Serve, Signals, over


def _lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "vrss.access"]


async def test_each_request_leaves_a_line(view: Serve, caplog: pytest.LogCaptureFixture) -> None:
    named = {"query": "query Named { echo broken }", "operationName": "Named"}
    with caplog.at_level(logging.INFO, "vrss.access"):
        async with over(view()) as client:
            answers: list[httpx.Response] = [
                await client.post("/", json=named),
                await client.post("/", json={"query": "{"}),
                await client.put("/"),
                await client.post("/", json={"query": "{ echo }"}, headers={"authorization": "Bearer wrong"}),
            ]
    found = [re.sub(r"ms=[0-9.]+ ", "", line) for line in _lines(caplog)]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert found == [
        f"POST / Named status=200 codes=INTERNAL_SERVER_ERROR cost=3 id={ids[0]}",
        f"POST / - status=200 codes=GRAPHQL_PARSE_FAILED cost=- id={ids[1]}",
        f"PUT / - status=405 codes=BAD_USER_INPUT cost=- id={ids[2]}",
        f"POST / - status=401 codes=UNAUTHENTICATED cost=- id={ids[3]}",
    ]
    record = caplog.records[-1]
    assert vars(record)["status"] == 401
    assert vars(record)["codes"] == ["UNAUTHENTICATED"]


async def test_a_client_that_left_leaves_a_line_too(view: Serve, caplog: pytest.LogCaptureFixture) -> None:
    async def receive() -> dict[str, object]:
        return messages.pop(0)

    messages: list[dict[str, object]] = [
        {"type": "http.request", "body": b'{"query": "{ never }"}'},
        {"type": "http.disconnect"},
    ]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "scheme": "http"}
    headers = [(b"host", b"x"), (b"content-type", b"application/json")]

    async def send(_: object) -> None:
        raise AssertionError

    with caplog.at_level(logging.INFO, "vrss.access"):
        await view()({**scope, "headers": headers}, receive, send)
    (line,) = _lines(caplog)
    assert "status=left" in line


SCOPE: Scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "scheme": "http"}
HEADERS = [(b"host", b"x"), (b"content-type", b"application/json"), (b"x-request-id", b"request-of-ada")]


def received(query: str) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": json.dumps({"query": query}).encode()}]

    async def receive() -> Message:
        return messages.pop() if messages else await asyncio.get_running_loop().create_future()

    return receive


async def test_the_explorer_and_a_preflight_leave_lines(view: Serve, caplog: pytest.LogCaptureFixture) -> None:
    page = "https://www.example.org"
    preflight = {"origin": page, "access-control-request-method": "POST", "x-request-id": "request-of-ada"}
    with caplog.at_level(logging.INFO, "vrss.access"):
        async with over(view(origins=(page,))) as client:
            shown = await client.get("/", headers={"accept": "text/html"})
            allowed = await client.options("/", headers=preflight)
    assert (shown.text, allowed.headers["x-request-id"]) == ("the explorer", "request-of-ada")
    found = [re.sub(r"ms=[0-9.]+ ", "", line) for line in _lines(caplog)]
    assert found == [
        f"GET / - status=200 codes=- cost=- id={shown.headers['x-request-id']}",
        "OPTIONS / - status=204 codes=- cost=- id=request-of-ada",
    ]


async def test_a_cancelled_request_leaves_a_line(
    view: Serve, signals: Signals, caplog: pytest.LogCaptureFixture
) -> None:
    async def send(_: Message) -> None:
        raise AssertionError

    with caplog.at_level(logging.INFO, "vrss.access"):
        running = asyncio.create_task(view()({**SCOPE, "headers": HEADERS}, received("{ never }"), send))
        await asyncio.to_thread(signals.begun.wait, 10)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    (line,) = _lines(caplog)
    assert re.sub(r"ms=[0-9.]+ ", "", line) == "POST / - status=left codes=- cost=- id=request-of-ada"


async def test_an_answer_that_cannot_be_sent_leaves_a_line(view: Serve, caplog: pytest.LogCaptureFixture) -> None:
    async def send(_: Message) -> None:
        raise ConnectionResetError

    with caplog.at_level(logging.INFO, "vrss.access"), pytest.raises(ConnectionResetError):
        await view()({**SCOPE, "headers": HEADERS}, received("{ echo }"), send)
    (line,) = _lines(caplog)
    assert re.sub(r"ms=[0-9.]+ ", "", line) == "POST / - status=left codes=- cost=2 id=request-of-ada"


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        (b"\x16\x03\x01 is TLS\r\n\r\n", "- - - status=400"),
        (b"GET /a?token=secret HTTP/1.1\r\n\r\n", "GET /a - status=400"),
        (b"POST /graphql HTTP/1.1\r\nhost: x\r\nx: " + b"x" * 100_000, "POST /graphql - status=431"),
        (b"POST /graphql HTTP/1.1\r\nhost: x\r\nx: " + b"x" * 5000 + b"\r\n\r\n", "POST /graphql - status=431"),
    ],
)
def test_what_is_refused_before_it_is_read_leaves_a_line(
    port: int, caplog: pytest.LogCaptureFixture, sent: bytes, line: str
) -> None:
    with caplog.at_level(logging.INFO), socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(sent)
        _, _, body = wire.makefile("rb").read().partition(b"\r\n\r\n")
        wire.shutdown(socket.SHUT_RDWR)
    (error,) = json.loads(body)["errors"]
    (found,) = [record.getMessage() for record in caplog.records if record.name in {"vrss.access", "uvicorn.error"}]
    expected = f"{line} codes=BAD_USER_INPUT cost=- id={error['extensions']['requestId']}"
    assert re.sub(r"ms=[0-9.]+ ", "", found) == expected


async def test_every_other_answer_has_an_id_too(caplog: pytest.LogCaptureFixture) -> None:
    app = AccessLog(PlainTextResponse("well"))
    with caplog.at_level(logging.INFO, "vrss.access"):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vrss.test") as client:
            answer = await client.get("/healthz")
    (line,) = _lines(caplog)
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])
    assert re.sub(r"ms=[0-9.]+ ", "", line) == (
        f"GET /healthz - status=200 codes=- cost=- id={answer.headers['x-request-id']}"
    )


@pytest.mark.parametrize("log_format", ["text", "json"])
async def test_lines_look_as_all_others(view: Serve, caplog: pytest.LogCaptureFixture, log_format: LogFormat) -> None:
    """The handler of access lines writes what the handler of everything else would."""
    with caplog.at_level(logging.INFO, "vrss.access"):
        async with over(view()) as client:
            await client.post("/", json={"query": "query Named { echo broken }"})
            await client.put("/")
    records = [record for record in caplog.records if record.name == "vrss.access"]
    written = io.StringIO()
    handler = AccessHandler(written, as_json=log_format == "json")
    for record in records:
        handler.handle(record)
    usual = formatter(log_format)
    assert written.getvalue().splitlines() == [usual.format(record) for record in records]
    assert len(records) == 2


async def test_a_log_that_nobody_reads_is_no_fault_of_a_request(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    handler = AccessHandler(Broken(), as_json=False)
    access_log.log.addHandler(handler)
    try:
        with caplog.at_level(logging.INFO, "vrss.access"):
            app = AccessLog(PlainTextResponse("well"))
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vrss.test") as client:
                assert (await client.get("/healthz")).status_code == 200
    finally:
        access_log.log.removeHandler(handler)
