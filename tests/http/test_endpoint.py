"""What the endpoint makes of a request: methods, media types, status codes and headers."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from api.http.media_types import media_type
from api.http.requests import RequestLimits
from tests.http.asking import post, refusal
from tests.http.conftest import Serve, Signals, over

JSON = {"content-type": "application/json"}
NEW = {"accept": "application/graphql-response+json"}
TYPENAME = '{"query": "{ __typename }"}'


@pytest.mark.parametrize(
    ("accept", "answer"),
    [
        (None, "json"),
        (b"*/*", "json"),
        (b"application/*", "json"),
        (b"application/json", "json"),
        (b"Application/JSON; charset=utf-8", "json"),
        (b"application/graphql-response+json", "graphql"),
        (b"application/graphql-response+json, application/json", "graphql"),
        (b"application/json, application/graphql-response+json", "graphql"),
        (b"application/json, application/graphql-response+json;q=0.9", "json"),
        (b"application/graphql-response+json; q=0.5, application/json; q=0.4", "graphql"),
        (b"application/json;q=0, */*", "graphql"),
        (b"application/graphql-response+json;q=0, */*;q=0.1", "json"),
        (b"text/html, application/xhtml+xml, */*;q=0.8", "json"),
        (b"*/*;q=0", None),
        (b"application/json;q=0", None),
        (b"text/html", None),
        (b"image/*", None),
        (b"", None),
        (b"application/json;q=nan", "json"),
        (b"," * 100_000 + b"application/json", None),
    ],
)
def test_the_client_chooses_the_media_type(accept: bytes | None, answer: str | None) -> None:
    names = {b"application/json": "json", b"application/graphql-response+json": "graphql", None: None}
    assert names[media_type(accept)] == answer


async def test_answers_are_neither_stored_nor_guessed_at(client: httpx.AsyncClient) -> None:
    response = await post(client, "{ echo }", headers={"x-request-id": "chosen-by-client"})
    assert dict(response.headers) == {
        "content-type": "application/json; charset=utf-8",
        "content-length": str(len(response.content)),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-request-id": "chosen-by-client",
    }
    for not_decent in ("short", "x" * 65, "a b c d e f", "<script>"):
        response = await post(client, "{ echo }", headers={"x-request-id": not_decent})
        assert response.headers["x-request-id"] != not_decent


@pytest.mark.parametrize(
    ("body", "errors", "code"),
    [
        ({"query": "{"}, 400, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, 400, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query ($n: Int!) { number(n: $n) }", "variables": {"n": "x"}}, 400, "BAD_USER_INPUT"),
        ({"query": "query ($n: Int!) { number(n: $n) }"}, 400, "BAD_USER_INPUT"),
        ({"query": "query A { echo }", "operationName": "B"}, 400, "BAD_USER_INPUT"),
        ({"query": "subscription { x }"}, 400, "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_what_cannot_run_has_no_data(
    client: httpx.AsyncClient, body: dict[str, Any], errors: int, code: str
) -> None:
    assert refusal(await client.post("/", json=body, headers=NEW)) == (errors, code)
    assert refusal(await client.post("/", json=body)) == (200, code)


async def test_what_fails_while_it_runs_is_an_answer(client: httpx.AsyncClient) -> None:
    response = await post(client, "{ echo broken }", headers=NEW)
    assert response.status_code == 200
    assert response.json()["data"] is None
    assert [error["path"] for error in response.json()["errors"]] == [["broken"]]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
async def test_other_methods_are_refused_with_those_that_are_not(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/", content=TYPENAME, headers=JSON)
    assert refusal(response) == (405, "BAD_USER_INPUT")
    assert response.headers["allow"] == "GET, POST"


async def test_get_is_for_queries(client: httpx.AsyncClient) -> None:
    given = {"query": "query A($n: Int!) { number(n: $n) } query B { echo }", "operationName": "A"}
    response = await client.get("/", params={**given, "variables": '{"n": 7}', "unknown": "x"})
    assert (response.status_code, response.json()["data"]) == (200, {"number": 7})
    response = await client.get("/", params={"query": "mutation { write }"})
    assert refusal(response) == (405, "BAD_USER_INPUT")
    assert response.headers["allow"] == "POST"
    for wrong in ({"query": ""}, {}, {**given, "variables": "{"}, {**given, "variables": "[]"}):
        assert refusal(await client.get("/", params=wrong)) == (400, "BAD_USER_INPUT")
    assert refusal(await client.get("/?query={echo}&query={number}")) == (400, "BAD_USER_INPUT")
    assert refusal(await client.get("/?query=%FF")) == (400, "BAD_USER_INPUT")


async def test_a_body_of_very_many_values_is_refused_before_it_is_read(client: httpx.AsyncClient) -> None:
    """Also where no document declares them."""
    many = "[" + "{}," * 10_000 + '"\\\\u0000"]'
    body = '{"query": "{ echo }", "variables": {"a": ' + many + "}}"
    assert refusal(await client.post("/", content=body, headers=JSON)) == (413, "COST_LIMIT")
    text = {"query": "query ($t: String!) { echo(text: $t) }", "variables": {"t": "," * 15_000}}
    assert (await client.post("/", json=text)).json()["data"] == {"echo": "," * 15_000}


async def test_values_that_no_document_declares_are_counted_as_well(client: httpx.AsyncClient) -> None:
    body = {"query": "{ echo }", "variables": {"undeclared": [0] * 2_001}}
    assert refusal(await client.post("/", json=body)) == (200, "COST_LIMIT")


async def test_a_browser_gets_the_explorer_and_its_queries_get_answers(client: httpx.AsyncClient) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert (await client.get("/", headers=browser)).text == "the explorer"
    response = await client.get("/", params={"query": "{ echo }"}, headers=browser)
    assert response.json()["data"] == {"echo": ""}


@pytest.mark.parametrize(
    ("accept", "shown"),
    [
        ("text/html", True),
        ("Text/HTML, application/json", True),
        ("*/*", False),
        ("text/html;q=0, application/json", False),
        ("text/html;q=0.1, application/json", False),
        ("application/graphql-response+json, text/html;q=0.9", False),
    ],
)
async def test_the_explorer_is_for_those_who_like_pages_best(
    client: httpx.AsyncClient, accept: str, *, shown: bool
) -> None:
    assert ((await client.get("/", headers={"accept": accept})).text == "the explorer") is shown


@pytest.mark.parametrize(
    ("headers", "status", "named"),
    [
        ({}, 415, ("accept", "application/json")),
        ({"content-type": "text/plain"}, 415, ("accept", "application/json")),
        ({"content-type": "application/x-www-form-urlencoded"}, 415, ("accept", "application/json")),
        ({"content-type": "multipart/form-data; boundary=x"}, 415, ("accept", "application/json")),
        ({"content-type": "application/graphql"}, 415, ("accept", "application/json")),
        ({"content-type": "application/json; charset=latin-1"}, 415, ("accept", "application/json")),
        ({**JSON, "content-encoding": "gzip"}, 415, ("accept-encoding", "identity")),
        ({**JSON, "content-encoding": "br"}, 415, ("accept-encoding", "identity")),
        ({**JSON, "accept": "text/css"}, 406, ("content-type", "application/json; charset=utf-8")),
    ],
)
async def test_what_is_not_plain_json_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str], status: int, named: tuple[str, str]
) -> None:
    response = await client.post("/", content=TYPENAME, headers=headers)
    assert refusal(response) == (status, "BAD_USER_INPUT")
    assert response.headers[named[0]] == named[1]


@pytest.mark.parametrize("content_type", ["application/json;charset=UTF-8", 'Application/JSON ; charset="utf-8"'])
async def test_utf_8_may_be_said(client: httpx.AsyncClient, content_type: str) -> None:
    response = await client.post("/", content=TYPENAME, headers={"content-type": content_type})
    assert response.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'[{"query": "{ echo }"}]',
        b'"{ echo }"',
        b'{"query": null}',
        b'{"query": " "}',
        b'{"query": "{ echo }", "variables": [1]}',
        b'{"query": "{ echo }", "extensions": 1}',
        b'{"query": "{ echo }", "operationName": {}}',
        b'{"query": "{ echo }", "variables": {"a": 1e400}}',
        b'{"query": "{ echo }", "variables": {"a": NaN}}',
        b'{"query": "{ echo }", "variables": {"a": "\\ud800"}}',
        b'{"query": "{ echo }", "variables": {"a": "\xc3"}}',
        b'{"query": "{ echo }", "variables": {"a\\u0000": 1}}',
        b'{"query": "{ echo } #\\u0000"}',
        b'{"query": "{ echo }", "variables": ' + b'{"a":' * 2000 + b"1" + b"}" * 2001,
    ],
)
async def test_what_is_no_graphql_request_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    assert refusal(await client.post("/", content=body, headers=JSON)) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize("number", [str(2**31), str(2**63), str(10**30), "1" * 5000, "1e300", "-1e-300"])
async def test_numbers_beyond_their_type_are_refused(client: httpx.AsyncClient, number: str) -> None:
    body = '{"query": "query ($n: Int!) { number(n: $n) }", "variables": {"n": NUMBER}}'.replace("NUMBER", number)
    status, code = refusal(await client.post("/", content=body, headers=JSON | NEW))
    assert (status, code) == (400, "BAD_USER_INPUT")
    status, code = refusal(await post(client, f"{{ number(n: {number}) }}", headers=NEW))
    assert (status, code) == (400, "GRAPHQL_VALIDATION_FAILED")


async def test_a_body_over_the_limit_is_refused_and_one_of_its_size_is_not(view: Serve) -> None:
    async with over(view(RequestLimits(body_bytes=len(TYPENAME)))) as client:
        assert (await client.post("/", content=TYPENAME, headers=JSON)).status_code == 200
        response = await client.post("/", content=TYPENAME + " ", headers=JSON)
    assert refusal(response) == (413, "BAD_USER_INPUT")
    assert response.headers["connection"] == "close"


async def test_a_request_past_its_deadline_is_stopped(view: Serve, signals: Signals) -> None:
    async with over(view(deadline_seconds=0.1)) as client:
        response = await post(client, "{ never }")
        assert refusal(response) == (503, "TIMEOUT")
        assert response.headers["retry-after"] == "1"
        assert signals.stopped.is_set()
        assert (await post(client, "{ echo }")).json()["data"] == {"echo": ""}


async def test_who_cancels_a_request_cancels_it(view: Serve, signals: Signals) -> None:
    """A cancellation from outside, as at the end of the process, is not taken for a deadline."""
    async with over(view(deadline_seconds=30)) as client:
        asking = asyncio.create_task(post(client, "{ never }"))
        await asyncio.to_thread(signals.begun.wait)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert signals.stopped.is_set()


async def test_what_is_asked_is_answered_in_unicode(client: httpx.AsyncClient) -> None:
    text = "Run🏃 É ß 漢"
    response = await post(client, "query ($t: String!) { echo(text: $t) }", variables={"t": text})
    assert json.loads(response.content)["data"] == {"echo": text}


async def test_a_fault_while_a_document_is_read_is_masked_like_any_other(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("api.execution.documents.judge", fault)
    assert refusal(await post(client, "{ echo }")) == (200, "INTERNAL_SERVER_ERROR")
    assert refusal(await post(client, "{ echo }", headers=NEW)) == (400, "INTERNAL_SERVER_ERROR")
