"""One line for each request, in which every id and every code that a client got is found again."""

import logging
import re

import httpx
import pytest

from tests.http.conftest import Serve, over


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
