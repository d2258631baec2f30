"""Feeds whose rules take too long: what they cost, and that they fail alone."""

import asyncio
import json
from typing import Any

import psycopg
import pytest

from api.gql.ids import encode
from api.loaders import feed_budget
from tests.api.conftest import Api, api_over
from tests.api.own_feeds import create, rules
from tests.api.previewing import PREVIEW, preview
from tests.slow_tables import slow_table


async def test_rules_that_take_too_long_are_stopped_and_nothing_else_is(
    api: Api, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.post(ben, tags=["x"])
    monkeypatch.setattr(feed_budget.TimeBudget.__init__, "__defaults__", (200,))
    with slow_table(empty_database, "app.user_mutes"):
        query = PREVIEW.replace("{ previewFeed", "{ viewer { username } previewFeed")
        answer = (await api.post({"query": query, "variables": {"rules": rules({"tag": "x"})}}, viewer=ada)).json()
        assert answer["data"]["viewer"] == {"username": "ada"}
        errors = {".".join(error["path"]): error["extensions"]["code"] for error in answer["errors"]}
        assert errors == {"previewFeed.posts": "COST_LIMIT", "previewFeed.counts": "COST_LIMIT"}
    assert answer["extensions"]["cost"]["actual"] < 1_000
    assert len((await preview(api, ada, rules({"tag": "x"})))["posts"]["nodes"]) == 1


async def test_a_feed_that_takes_long_costs_what_it_takes(
    api: Api, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.post(ben, tags=["x"])
    monkeypatch.setattr(feed_budget.TimeBudget.__init__, "__defaults__", (400,))
    query = "query ($rules: FeedRulesInput!) { previewFeed(rules: $rules) { posts { nodes { id } } } }"
    body = {"query": query, "variables": {"rules": rules({"tag": "x"})}}
    with slow_table(empty_database, "app.user_mutes"):
        stopped = (await api.post(body, viewer=ada)).json()
    assert [error["extensions"]["code"] for error in stopped["errors"]] == ["COST_LIMIT"]
    assert stopped["extensions"]["cost"]["actual"] >= 20 * (400 - 250)


async def test_who_leaves_before_the_answer_pays_for_the_time_until_then(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_budget, "_USUAL_MS", 10)
    async with api_over(empty_database, settings={"rate_limit": 20_000}) as api:
        ada, ben, *_ = api.factory.cast()
        api.factory.post(ben, tags=["x"])
        left = "{ rateLimit { remaining } }"
        before = (await api.run(left, viewer=ada))["rateLimit"]["remaining"]
        fields = [f"p{n}: previewFeed(rules: $rules) {{ posts(first: 1) {{ nodes {{ id }} }} }}" for n in range(8)]
        query = f"query ($rules: FeedRulesInput!) {{ {' '.join(fields)} }}"
        body = json.dumps({"query": query, "variables": {"rules": rules({"tag": "x"})}}).encode()
        token = api.tokens[ada].encode()
        headers = [(b"host", b"x"), (b"content-type", b"application/json"), (b"authorization", b"Bearer " + token)]
        scope = {"type": "http", "method": "POST", "path": "/graphql", "root_path": "", "scheme": "http",
                 "query_string": b"", "headers": headers, "client": ("127.0.0.1", 1)}  # fmt: skip
        messages: list[Any] = [{"type": "http.request", "body": body}]
        gone = asyncio.Event()

        async def receive() -> Any:
            if messages:
                return messages.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(_: object) -> None:
            raise AssertionError

        with slow_table(empty_database, "app.user_mutes"):
            request = asyncio.ensure_future(api.app(scope, receive, send))
            await asyncio.sleep(0.5)  # of which it pays for most
            gone.set()
            await request
        paid = before - (await api.run(left, viewer=ada))["rateLimit"]["remaining"]
        assert 20 * 300 < paid < 20 * 1_500 + 2_000  # once, although eight statements waited


async def test_a_feed_that_waits_for_others_is_no_fault_of_its_rules(api: Api, empty_database: str) -> None:
    """As while a migration has a table: the rules are not called too costly, and nobody pays for the time."""
    ada = api.factory.user("ada")
    query = "query ($rules: FeedRulesInput!) { previewFeed(rules: $rules) { posts { nodes { id } } } }"
    body = {"query": query, "variables": {"rules": rules({"tag": "x"})}}
    usual = (await api.post(body, viewer=ada)).json()["extensions"]["cost"]["actual"]
    with psycopg.connect(empty_database) as other:
        other.execute("LOCK TABLE app.user_mutes")
        waited = (await api.post(body, viewer=ada)).json()
    assert [error["extensions"]["code"] for error in waited["errors"]] == ["OVERLOADED"]
    assert waited["extensions"]["cost"]["actual"] <= usual


async def test_a_feed_that_waits_for_others_fails_alone(api: Api, empty_database: str) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.post(ben, tags=["x"])
    listed = encode("UserList", api.factory.insert("user_lists", user_id=ada, name="People"))
    await create(api, ada, name="Waits", rules=rules({"author": {"listId": listed}}))
    await create(api, ada, name="Reads", rules=rules({"tag": "x"}))
    body = {"query": "{ viewer { feeds { name posts { nodes { id } } } } }"}
    with psycopg.connect(empty_database) as other:
        other.execute("LOCK TABLE list_members")
        answer = (await api.post(body, viewer=ada)).json()
    errors = [(error["path"], error["extensions"]["code"]) for error in answer["errors"]]
    assert errors == [(["viewer", "feeds", 1, "posts"], "OVERLOADED")]
    shown = {feed["name"]: feed["posts"] and len(feed["posts"]["nodes"]) for feed in answer["data"]["viewer"]["feeds"]}
    assert shown == {"Following": 0, "Waits": None, "Reads": 1}
    assert answer["extensions"]["cost"]["actual"] < 1_000


async def test_a_shared_feed_that_takes_long_costs_whoever_reads_it(api: Api, empty_database: str) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.post(ben)
    listed = encode("UserList", api.factory.insert("user_lists", user_id=ben, name="People", is_public=True))
    feed = (await create(api, ben, name="Costly", rules=rules({"author": {"listId": listed}})))["feed"]
    api.factory.connection.execute("UPDATE custom_feeds SET sharing = 'public'")
    body = {
        "query": "query ($id: ID!) { a: feed(id: $id) { posts { nodes { id } } } }",
        "variables": {"id": feed["id"]},
    }
    for viewer in (ada, None):
        with slow_table(empty_database, "public.list_members"):
            stopped = (await api.post(body, viewer=viewer)).json()
        assert [error["extensions"]["code"] for error in stopped["errors"]] == ["COST_LIMIT"]
        assert stopped["extensions"]["cost"]["actual"] > 20 * (300 - 50)


async def test_a_feed_that_is_too_costly_fails_alone(
    api: Api, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ben, tags=["x"])
    listed = encode("UserList", api.factory.insert("user_lists", user_id=ada, name="People"))
    await create(api, ada, name="Costly", rules=rules({"author": {"listId": listed}}))
    await create(api, ada, name="Cheap", rules=rules({"tag": "x"}))
    monkeypatch.setattr(feed_budget.TimeBudget.__init__, "__defaults__", (200,))
    with slow_table(empty_database, "public.list_members"):
        query = "{ viewer { username feeds { name posts { nodes { id } } } } }"
        answer = (await api.post({"query": query}, viewer=ada)).json()
    errors = [(error["path"], error["extensions"]["code"]) for error in answer["errors"]]
    assert errors == [(["viewer", "feeds", 1, "posts"], "COST_LIMIT")]
    assert answer["data"]["viewer"]["feeds"] == [
        {"name": "Following", "posts": {"nodes": []}},
        {"name": "Costly", "posts": None},
        {"name": "Cheap", "posts": {"nodes": [{"id": encode("Post", post)}]}},
    ]
