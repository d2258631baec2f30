"""From a request to its result: deadlines of mutations, and who waits for whom."""

import asyncio
from typing import Any

import httpx
import pytest

from api.http import operation
from api.http.admission import Admission
from tests.http.conftest import Serve, Signals, over


async def _post(client: httpx.AsyncClient, query: str, token: str | None = None) -> httpx.Response:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return await client.post("/", json={"query": query}, headers=headers)


def _errors(body: dict[str, Any]) -> list[tuple[list[str], str]]:
    return [(error.get("path"), error["extensions"]["code"]) for error in body["errors"]]


async def test_a_deadline_keeps_what_a_mutation_has_done(view: Serve) -> None:
    async with over(view(deadline_seconds=0.1)) as client:
        response = await _post(client, "mutation { write wait again: wait }")
    assert response.status_code == 200
    assert response.json()["data"] == {"write": 1, "wait": None, "again": None}
    assert _errors(response.json()) == [(["wait"], "TIMEOUT"), (["again"], "TIMEOUT")]


async def test_a_mutation_that_has_done_nothing_by_its_deadline_may_be_tried_again(view: Serve) -> None:
    async with over(view(deadline_seconds=0.1)) as client:
        response = await _post(client, "mutation { wait }")
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert response.json()["data"] == {"wait": None}
    assert _errors(response.json()) == [(["wait"], "TIMEOUT")]


async def test_a_mutation_with_a_missing_response_is_not_to_be_retried(view: Serve) -> None:
    async with over(view()) as client:
        response = await _post(client, "mutation { make { late } }")
    assert (response.status_code, "retry-after" in response.headers) == (200, False)
    assert response.json()["data"] == {"make": None}
    assert _errors(response.json()) == [(["make", "late"], "TIMEOUT")]


async def test_a_mutation_that_never_ends_is_stopped_and_nobody_says_what_it_did(
    view: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation, "GRACE_SECONDS", 0.1)
    async with over(view(deadline_seconds=0.1)) as client:
        response = await _post(client, "mutation { write hang }")
    assert response.status_code == 200
    assert _errors(response.json()) == [(None, "OUTCOME_UNKNOWN")]


async def test_concurrent_operations_are_limited_for_each_caller(view: Serve, signals: Signals) -> None:
    admission = Admission(at_once=2, waiting=1)
    async with over(view(admission=admission, deadline_seconds=1)) as client:
        ada = [asyncio.create_task(_post(client, "{ never }", "ada")) for _ in range(4)]
        (refused, *_), _ = await asyncio.wait(ada, return_when=asyncio.FIRST_COMPLETED)
        response = await refused
        assert (response.status_code, response.headers["retry-after"]) == (429, "1")
        assert _errors(response.json()) == [(None, "RATE_LIMITED")]
        assert (await _post(client, "{ echo }", "ben")).json()["data"] == {"echo": ""}
        assert [(await one).status_code for one in ada if one is not refused] == [503] * 3
        assert (await _post(client, "{ echo }", "ada")).json()["data"] == {"echo": ""}
    assert admission.count == 0
    assert signals.stopped.is_set()


@pytest.mark.parametrize(("heavy", "most"), [(frozenset({"Query.never"}), 2), (frozenset[str](), 8)])
async def test_a_caller_runs_one_heavy_operation_at_a_time(
    view: Serve, signals: Signals, heavy: frozenset[str], most: int
) -> None:
    async with over(view(deadline_seconds=2, heavy=heavy)) as client:  # time for all to begin
        asked = [_post(client, "{ never }", who) for who in ("ada", "ben") for _ in range(4)]
        every = asyncio.gather(*asked)
        await asyncio.to_thread(signals.begun.wait)
        if heavy:  # what is light waits only for the places that others have
            light = await _post(client, "{ echo }", "ada")
            assert not every.done()
            assert light.json()["data"] == {"echo": ""}
        assert [response.status_code for response in await every] == [503] * 8
    assert signals.most_running == most


async def test_those_who_wait_come_in_the_order_of_asking() -> None:
    admission, order = Admission(at_once=1, waiting=10), list[int]()

    async def work(number: int) -> None:
        async with admission.of(b"ada"):
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*map(work, range(5)))
    assert order == [0, 1, 2, 3, 4]
    assert admission.count == 0


async def test_who_leaves_the_line_keeps_nobody_behind_it_waiting() -> None:
    admission = Admission(at_once=1, waiting=10)

    async def work() -> str:
        async with admission.of(b"ada"):
            return "done"

    async with admission.of(b"ada"):
        leaving, next_one = asyncio.create_task(work()), asyncio.create_task(work())
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.wait([leaving])
    assert leaving.cancelled()
    assert await next_one == "done"
    assert admission.count == 0


@pytest.mark.parametrize("others", [0, 2])
async def test_who_leaves_as_the_place_comes_gives_it_to_the_next(others: int) -> None:
    admission = Admission(at_once=1, waiting=10)

    async def work() -> str:
        async with admission.of(b"ada"):
            return "done"

    async with admission.of(b"ada"):
        leaving, *waiting = [asyncio.create_task(work()) for _ in range(1 + others)]
        await asyncio.sleep(0)
    leaving.cancel()  # the place is its own, and it does not know yet
    await asyncio.wait([leaving])
    assert leaving.cancelled()
    async with asyncio.timeout(5):
        assert await asyncio.gather(*waiting) == ["done"] * others
    assert admission.count == 0
    assert await work() == "done"
    assert admission.count == 0
