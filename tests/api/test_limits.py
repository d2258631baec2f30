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
    async with api_over(empty_database, settings={"max_cost": 150, "executor": "compiled"}) as api:
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


NOBODY = '{ user(username: "nobody") { id } }'
# 331 points, of which an address that has spent all its 1,200 has as many again after 15 seconds.
DEAR = """{ user(username: "nobody") { posts(first: 100) { nodes { id } } followers(first: 100) { nodes { id } } } }"""


async def spend_all(api: Api) -> None:
    """What the address has, until it has none for the cheapest operation."""
    assert (await api.post({"query": DEAR})).json()["extensions"]["cost"] == {"requested": 331, "actual": 130}
    while (await api.post({"query": NOBODY})).status_code == 200:
        pass


async def test_who_spends_the_points_of_an_address_locks_nobody_out_who_signs_in(empty_database: str) -> None:
    """A token that the process has never seen is looked up, and pays for itself; a wrong one does not."""
    async with api_over(empty_database, settings={"rate_limit": 1200}) as api:
        ada = api.factory.user("ada")
        ben = api.factory.user("ben", status="suspended")
        await spend_all(api)
        wrong = {"authorization": "Bearer wrong"}
        for _ in range(3):
            refused = await api.post({"query": DEAR}, headers=wrong)
            assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
            assert api.statements == ["token_owners_by_token_hashes"]
        assert (await api.post({"query": DEAR}, viewer=ben)).status_code == 403
        own = [(await api.post({"query": DEAR}, viewer=ada)).status_code for _ in range(20)]
        assert (own[0], set(own)) == (200, {200, 429})  # its own points


async def test_many_wrong_tokens_at_once_wait_for_one_statement(empty_database: str) -> None:
    async with api_over(empty_database, settings={"rate_limit": 1200}) as api:
        ada = api.factory.user("ada")
        api.tokens[ada] = api.factory.session(ada)
        await spend_all(api)
        asked = [api.post({"query": DEAR}, headers={"authorization": f"Bearer wrong{number}"}) for number in range(50)]
        responses = await asyncio.gather(*asked, api.post({"query": DEAR}, viewer=ada))
        assert [response.status_code for response in responses] == [429] * 50 + [200]
        assert api.statements.count("token_owners_by_token_hashes") <= 2


async def test_who_waits_at_an_address_keeps_nobody_waiting_who_signs_in(empty_database: str) -> None:
    settings = {"operations_at_once": 1, "operations_waiting": 0}
    async with api_over(empty_database, settings=settings) as api:
        ada = api.factory.user("ada")
        asked = [api.post({"query": NOBODY}) for _ in range(3)]
        responses = await asyncio.gather(*asked, api.post({"query": NOBODY}, viewer=ada))
        assert [response.status_code for response in responses] == [200, 429, 429, 200]
