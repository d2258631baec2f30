"""What is refused before it runs, or ends while it does, under the settings that the server starts with."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from graphql import get_introspection_query

from bench.attacks import ATTACKS, REFUSAL
from tests.api.conftest import Api, api_over


@pytest.mark.parametrize("attack", ATTACKS)
async def test_an_attack_is_refused_before_anything_runs(api: Api, attack: str) -> None:
    (error,) = (await api.post(ATTACKS[attack](0))).json()["errors"]
    assert error["extensions"]["code"] == REFUSAL
    assert api.statements == []


async def test_what_a_variable_asks_for_counts(api: Api) -> None:
    query = """query ($n: Int) { user(username: "a") { followers(first: $n) { nodes {
      following(first: $n) { nodes { id } } } } } }"""
    assert (await api.fail(query, n=200))["extensions"]["code"] == "COST_LIMIT"
    assert api.statements == []
    assert await api.run(query, n=90) == {"user": None}


async def test_introspection_passes(api: Api) -> None:
    query = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True)
    assert len((await api.run(query))["__schema"]["types"]) > 50


RATE = "{ rateLimit { limit cost remaining resetAt } }"


async def test_the_rate_limit_reports_the_remaining_points(api: Api) -> None:
    ada = api.factory.user("ada")
    first = (await api.run(RATE))["rateLimit"]
    assert (first["limit"], first["cost"]) == (200_000, 34)
    second = (await api.run(RATE))["rateLimit"]
    assert first["remaining"] - 100 <= second["remaining"] <= 200_000 - 34
    soon = datetime.fromisoformat(second["resetAt"]) - datetime.now(UTC)
    assert timedelta(0) < soon < timedelta(seconds=2)
    await api.run(RATE, viewer=ada)
    left = (await api.run(RATE, viewer=ada))["rateLimit"]["remaining"]
    assert 200_000 - 100 <= left <= 200_000 - 34


async def test_who_has_spent_everything_reaches_the_database_no_more(empty_database: str) -> None:
    async with api_over(empty_database, settings={"rate_limit": 300}) as api:
        query = '{ user(username: "nobody") { id } }'
        responses = [await api.post({"query": query}) for _ in range(40)]
        assert {response.status_code for response in responses} == {200, 429}
        assert api.statements == []
        assert responses[-1].json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_requests_for_one_new_document_pay_once_for_its_plan(empty_database: str) -> None:
    """It has 50 fields: 2 500 points for its text, 2 500 for its plan."""
    async with api_over(empty_database, settings={"rate_limit": 7_000}) as api:
        query = "{ " + " ".join(f"f{n}: __typename" for n in range(50)) + " }"
        responses = await asyncio.gather(*(api.post({"query": query}) for _ in range(4)))
        assert [len(response.json().get("data", ())) for response in responses] == [50] * 4
        left = (await api.run(RATE))["rateLimit"]["remaining"]
        assert left < 7_000 - 2_500  # more than its text; some is back already


async def test_nobody_counts_where_the_operator_says_so(empty_database: str) -> None:
    async with api_over(empty_database, settings={"rate_limit": 0}) as api:
        assert await api.run(RATE) == {"rateLimit": None}


ALBUM = 'query ($n: Int!) { user(username: "ada") { posts(first: $n) { nodes { media { url altText type } } } } }'


async def test_an_answer_that_costs_more_than_it_may_ends_the_operation(empty_database: str) -> None:
    """A post's files are taken to be five, and here they are ten: 149 points are asked for, and 194 needed."""
    async with api_over(empty_database, settings={"max_cost": 150}) as api:
        ada = api.factory.user("ada")
        for _ in range(5):
            post = api.factory.post(ada)
            for order in range(10):
                api.factory.media(ada, post, display_order=order)
        ben, cleo = api.factory.user("ben"), api.factory.user("cleo")
        few = await api.post({"query": ALBUM, "variables": {"n": 1}}, viewer=ben)
        assert few.json()["extensions"]["cost"] == {"requested": 117, "actual": 132}
        many = await api.post({"query": ALBUM, "variables": {"n": 3}}, viewer=cleo)
        assert many.json()["data"] is None
        (error,) = many.json()["errors"]
        assert (error["path"], error["extensions"]["code"]) == (["user", "posts", "nodes", 0, "media", 0], "COST_LIMIT")
        assert many.json()["extensions"]["cost"] == {"requested": 149, "actual": 194}
