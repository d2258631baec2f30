"""What bodies cost, and how many bytes of them are held: those that arrived, and those that do not end."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import ExitStack
from select import select
from typing import Any

import httpx
import pytest

from api.http.bodies import BYTES_PER_POINT, FREE_BYTES, LARGE_AT_ONCE, LARGE_BYTES, price
from tests.http.conftest import Serve, listening, over
from tests.http.test_wire import HEAD, answer, connected, is_serving, refusal

JSON = {"content-type": "application/json"}


def padded(size: int) -> bytes:
    """A request for `{ echo }` of this size, most of it a text under a key that means nothing."""
    bare = b'{"query": "{ echo }", "x": ""}'
    return bare[:-2] + b"x" * (size - len(bare)) + bare[-2:]


def outcome(response: httpx.Response) -> Any:
    body = response.json()
    return body["errors"][0]["extensions"]["code"] if "errors" in body else body["data"]


@pytest.mark.parametrize("size", [FREE_BYTES, FREE_BYTES + BYTES_PER_POINT - 1])
async def test_the_first_bytes_of_a_body_are_free(view: Serve, size: int) -> None:
    async with over(view(per_minute=60)) as client:
        answers = [await client.post("/", content=padded(size), headers=JSON) for _ in range(3)]
    assert [outcome(answer) for answer in answers] == [{"echo": ""}] * 3


async def test_a_body_is_paid_for_by_its_bytes(view: Serve) -> None:
    """Who cannot pay is refused; what another account sends is still read."""
    body = padded(FREE_BYTES + 190 * BYTES_PER_POINT)
    async with over(view(per_minute=600)) as client:
        first = [await client.post("/", content=body, headers=JSON) for _ in range(4)]
        assert [outcome(answer) for answer in first] == [{"echo": ""}, {"echo": ""}, "RATE_LIMITED", "RATE_LIMITED"]
        assert int(first[-1].headers["retry-after"]) >= 1
        other = await client.post("/", content=body, headers=JSON | {"authorization": "Bearer ada"})
        assert outcome(other) == {"echo": ""}


async def test_a_body_is_paid_for_before_it_is_parsed(view: Serve) -> None:
    """Also where it is no JSON, or holds too many values: what it costs to find that out is paid."""
    async with over(view(per_minute=1000)) as client:
        for body in (b"x" * (FREE_BYTES + 600 * BYTES_PER_POINT), b"[" * (FREE_BYTES + 600 * BYTES_PER_POINT)):
            token = {"authorization": f"Bearer {body[:1].decode()}"}
            answers = [await client.post("/", content=body, headers=JSON | token) for _ in range(2)]
            assert outcome(answers[0]) in {"BAD_USER_INPUT", "COST_LIMIT"}
            assert outcome(answers[1]) == "RATE_LIMITED"


async def test_a_body_that_no_bucket_can_pay_for_is_not_to_be_tried_again(view: Serve) -> None:
    async with over(view(per_minute=60)) as client:
        response = await client.post("/", content=padded(FREE_BYTES + 61 * BYTES_PER_POINT), headers=JSON)
    assert outcome(response) == "COST_LIMIT"


async def test_a_body_in_pieces_is_paid_for_once(view: Serve) -> None:
    body = padded(FREE_BYTES + 300 * BYTES_PER_POINT)

    async def pieces() -> AsyncGenerator[bytes]:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    async with over(view(per_minute=600)) as client:
        answers = [await client.post("/", content=pieces(), headers=JSON) for _ in range(2)]
    assert [outcome(answer) for answer in answers] == [{"echo": ""}, "RATE_LIMITED"]


async def test_a_query_string_is_paid_for_like_a_body(view: Serve) -> None:
    async with over(view(per_minute=600)) as client:
        url = "/?query={echo}&x=" + "%41" * 6000
        answers = [await client.get(url) for _ in range(2)]
        assert [outcome(answer) for answer in answers] == [{"echo": ""}, "RATE_LIMITED"]


async def test_a_query_string_of_very_many_parameters_is_refused(view: Serve) -> None:
    async with over(view()) as client:
        assert outcome(await client.get("/?query={echo}" + "&x" * 99)) == {"echo": ""}
        response = await client.get("/?query={echo}" + "&x" * 100)
    assert (response.status_code, outcome(response)) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize("backslashes", range(1, 7))
async def test_only_an_escape_of_nul_is_refused(view: Serve, backslashes: int) -> None:
    """An even number of backslashes are backslashes, and what follows is text."""
    text = "\\" * backslashes + "u0000"
    body = '{"query": "query ($t: String!) { echo(text: $t) }", "variables": {"t": "' + text + '"}}'
    async with over(view()) as client:
        response = await client.post("/", content=body, headers=JSON)
    if backslashes % 2:
        assert (response.status_code, outcome(response)) == (400, "BAD_USER_INPUT")
    else:
        assert outcome(response) == {"echo": "\\" * (backslashes // 2) + "u0000"}


async def test_other_requests_run_between_large_bodies(view: Serve) -> None:
    """However many arrive at the same moment, one at a time is parsed."""
    served, answered = view(), list[Any]()
    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}

    async def receive() -> Any:
        return {"type": "http.request", "body": padded(200_000)}

    async def send(message: Any) -> None:
        if "body" in message:
            answered.append(message["body"])

    await served(scope, receive, send)  # so that the document is known
    tasks = [asyncio.create_task(served(scope, receive, send)) for _ in range(20)]
    turns = 0
    while len(answered) < 1 + len(tasks):
        await asyncio.sleep(0)
        turns += 1
    assert turns >= len(tasks)
    assert set(answered) == {answered[0]}


def test_one_caller_sends_so_many_large_bodies_at_a_time(view: Serve) -> None:
    """Another is refused, an ordinary one is read, and what has begun may still end."""
    body = padded(LARGE_BYTES + 1)
    large = HEAD + b"content-length: %d\r\n\r\n" % len(body) + body[:-1]
    with listening(view()) as port, ExitStack() as wires:
        unfinished = [wires.enter_context(connected(port)) for _ in range(LARGE_AT_ONCE + 1)]
        for wire in unfinished:
            wire.sendall(large)
        refused, *_ = select(unfinished, [], [], 10)[0]
        assert refusal(refused) == (429, "RATE_LIMITED")
        assert is_serving(port)
        unfinished.remove(refused)
        for wire in unfinished:
            wire.sendall(body[-1:])
            assert answer(wire) == (200, {"data": {"echo": ""}})
        refused.sendall(body[-1:] + large + body[-1:])
        assert answer(refused) == (200, {"data": {"echo": ""}})


@pytest.mark.parametrize(("size", "points"), [(0, 0), (4096, 0), (4195, 0), (4196, 1), (1024 * 1024, 10_444)])
def test_the_price_of_a_body(size: int, points: int) -> None:
    assert price(size) == points
