"""What reading a feed in a reader costs, and who waits for whom."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest

from api.accounts.tokens import token_hash
from api.gql.ids import decode, encode
from api.loaders import feed_budget
from tests.api.conftest import Api, api_over
from tests.api.feed_addresses import address_of, read
from tests.api.own_feeds import create, rules
from tests.contention.scene import PATIENT
from tests.slow_tables import slow_table


async def test_reading_is_paid_by_the_owner_and_wrong_tokens_by_the_address(empty_database: str) -> None:
    async with api_over(empty_database, settings={"rate_limit": 3_000}) as api:
        ada = api.factory.user("ada")
        feed = api.factory.insert("custom_feeds", user_id=ada, name="Mine")
        given = {"token_hash": token_hash("known"), "feed_id": feed, "purpose": "reader"}
        api.factory.insert("app.feed_tokens", "feed_id", **given)
        left = "{ rateLimit { remaining } }"
        await api.run(left, viewer=ada)
        before = (await api.run(left, viewer=ada))["rateLimit"]["remaining"]
        assert (await read(api, "http://vrss.test/feeds/json?token=known")).status_code == 200
        after = (await api.run(left, viewer=ada))["rateLimit"]["remaining"]
        assert 400 <= before - after <= 600  # what comes back meanwhile is little
        found = [(await read(api, "http://vrss.test/feeds/json?token=wrong")).status_code for _ in range(60)]
        assert (found[0], found[-1]) == (404, 429)


async def test_an_owner_with_no_points_left_is_refused_before_anything_is_read(empty_database: str) -> None:
    async with api_over(empty_database, settings={"rate_limit": 3_000}) as api:
        feed = api.factory.insert("custom_feeds", user_id=api.factory.user("ada"), name="Mine")
        given = {"token_hash": token_hash("known"), "feed_id": feed, "purpose": "reader"}
        api.factory.insert("app.feed_tokens", "feed_id", **given)
        found = [(await read(api, "http://vrss.test/feeds/json?token=known")).status_code for _ in range(8)]
        assert found == [200] * 6 + [429] * 2
        assert api.statements.count("custom_feed") == 6
        assert (await api.run("{ rateLimit { remaining } }"))["rateLimit"]["remaining"] > 2_000  # of the address


async def test_rules_that_take_too_long_are_paid_by_their_owner(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_budget.TimeBudget.__init__, "__defaults__", (400,))
    async with api_over(empty_database, settings={"rate_limit": 20_000}) as api:
        ada, ben, *_ = api.factory.cast()
        api.factory.post(ben)
        feed = api.factory.insert("custom_feeds", user_id=ada, name="Mine")
        given = {"token_hash": token_hash("known"), "feed_id": feed, "purpose": "reader"}
        api.factory.insert("app.feed_tokens", "feed_id", **given)
        left = "{ rateLimit { remaining } }"
        await api.run(left, viewer=ada)
        with slow_table(empty_database, "app.user_mutes"):
            assert (await read(api, "http://vrss.test/feeds/json?token=known")).status_code == 400
        assert (await api.run(left, viewer=ada))["rateLimit"]["remaining"] < 18_000


@asynccontextmanager
async def feeds_of(url: str, **settings: Any) -> AsyncGenerator[tuple[Api, psycopg.Connection]]:
    """An API with a feed of Ada's, whose statement waits for whoever locks lists, and one of Ben's, which does not."""
    async with api_over(url) as api:
        ada, ben, *_ = api.factory.cast()
        listed = api.factory.insert("user_lists", user_id=ada, name="Wool")
        for owner, name, sent in (
            (ada, "ada", rules({"author": {"listId": encode("UserList", listed)}})),
            (ben, "ben", rules({"tag": "jazz"})),
        ):
            feed = (await create(api, owner, rules=sent))["feed"]["id"]
            given = {"token_hash": token_hash(name), "feed_id": decode(feed, "Feed"), "purpose": "reader"}
            api.factory.insert("app.feed_tokens", "feed_id", **given)
    async with api_over(url, **PATIENT, **settings) as api:
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE list_members")
            yield api, other


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def until_waiting(api: Api, count: int) -> None:
    deadline = time.monotonic() + 20
    while api.factory.scalar(WAITING) != count:
        assert time.monotonic() < deadline
        await asyncio.sleep(0)


async def test_nobodys_reader_waits_for_those_of_others(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_budget.TimeBudget.__init__, "__defaults__", (60_000,))
    async with feeds_of(empty_database, pool_max_size=5) as (api, other):
        many = [asyncio.create_task(read(api, address_of("json", "ada"))) for _ in range(40)]
        await until_waiting(api, 1)  # since each reads one feed at a time
        found = [(await read(api, address_of(kind, "ben"))).status_code for kind in ("atom", "json")]
        assert found == [200, 200]
        assert not any(one.done() for one in many)
        other.rollback()
        assert {one.status_code for one in await asyncio.gather(*many)} == {200}


async def test_readings_and_operations_of_an_account_wait_for_one_another(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_budget.TimeBudget.__init__, "__defaults__", (60_000,))
    settings = {"operations_at_once": 1, "operations_waiting": 0}
    async with feeds_of(empty_database, settings=settings) as (api, other):
        session = api.user("ada")
        await api.run("{ viewer { username } }", viewer=session)  # now it is known whose token this is
        first = asyncio.create_task(read(api, address_of("json", "ada")))
        await until_waiting(api, 1)
        refused = await read(api, address_of("atom", "ada"))
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (429, "RATE_LIMITED")
        assert "retry-after" in refused.headers
        assert (await api.post({"query": "{ viewer { username } }"}, viewer=session)).status_code == 429
        other.rollback()
        assert (await first).status_code == 200


@pytest.mark.parametrize("kind", ["atom", "json"])
async def test_a_reading_has_the_deadline_of_an_operation(empty_database: str, kind: str) -> None:
    async with feeds_of(empty_database, deadline_seconds=0.3) as (api, _):
        found = await read(api, address_of(kind, "ada"))
        assert (found.status_code, found.json()["errors"][0]["extensions"]["code"]) == (503, "TIMEOUT")
        assert found.headers["retry-after"].isdigit()
        assert api.factory.scalar(WAITING) == 0


@pytest.mark.parametrize("kind", ["atom", "json"])
async def test_a_client_that_disconnects_stops_its_reading(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(feed_budget.TimeBudget.__init__, "__defaults__", (60_000,))
    async with feeds_of(empty_database) as (api, _):
        gone, sent = asyncio.Event(), list[Any]()

        async def receive() -> dict[str, Any]:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": "GET", "path": f"/feeds/{kind}", "root_path": "", "scheme": "http",
            "query_string": b"token=ada", "headers": [(b"host", b"vrss.test")], "client": ("127.0.0.1", 1),
        }  # fmt: skip
        request = asyncio.ensure_future(api.app(scope, receive, send))
        await until_waiting(api, 1)
        gone.set()
        await request
        assert sent == []
        assert api.factory.scalar(WAITING) == 0
        assert (await read(api, address_of(kind, "ben"))).status_code == 200
