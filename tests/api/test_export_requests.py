"""The endpoint of exports: who gets an archive, how often, and what a refusal looks like."""

import asyncio
import logging
import time

import pytest

from api.accounts.archive import archive
from api.accounts.export import PRICE
from api.http.rate_limit import REFUSAL
from db.pool import Pool
from db.queries import accounts
from db.settings import DatabaseSettings
from tests.api.accounts import actions
from tests.api.archives import fetch, read
from tests.api.conftest import Api, api_over


@pytest.mark.parametrize("status", ["suspended", "deleted"])
async def test_those_who_may_do_nothing_else_may_take_their_data(api: Api, status: str) -> None:
    ada, *_ = api.factory.cast()
    api.factory.connection.execute("UPDATE users SET status = %s WHERE id = %s", (status, ada))
    data = await api.run("mutation { exportMyData { url } }", viewer=ada)
    assert data["exportMyData"]["url"] == "http://vrss.test/export"
    assert read((await fetch(api, ada)).content)["account"][0]["status"] == status


async def test_nobody_else_gets_it(api: Api) -> None:
    error = await api.fail("mutation { exportMyData { url } }")
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    ada, *_ = api.factory.cast()
    token = api.factory.session(ada)
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic x"}):
        response = await api.client.get("/export", headers=headers)
        assert response.status_code == 401
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    foreign = await api.client.get(
        "/export", headers={"cookie": f"vrss_session={token}", "origin": "https://evil.example"}
    )
    assert foreign.status_code == 403
    own = await api.client.get("/export", headers={"cookie": f"vrss_session={token}"})
    assert own.status_code == 200
    assert (await api.client.post("/export")).status_code == 405


async def test_exports_are_counted(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    for _ in range(10):
        assert (await fetch(api, ada)).status_code == 200
    refused = await fetch(api, ada)
    assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert (await fetch(api, ben)).status_code == 200


async def test_who_fetches_slowly_keeps_nobody_waiting(seeded_database: str) -> None:
    settings = {"DATABASE_URL": seeded_database, "pool_min_size": 1, "pool_max_size": 1, "pool_timeout_seconds": 5}
    pool = Pool(seeded_database, DatabaseSettings.model_validate(settings))
    await pool.open()
    async with pool.operation() as database:
        pieces = archive(database, 1)
        received = [await anext(pieces)]
        async with pool.operation() as other:  # there is one connection, and the export does not hold it
            assert await accounts.account_by_username(other, "ada") is not None
        received += [piece async for piece in pieces]
    await pool.close()
    assert read(b"".join(received))["account"]


async def test_an_account_fetches_one_archive_at_a_time(seeded_database: str) -> None:
    async with api_over(seeded_database) as api:
        ada, ben = api.user("ada"), api.user("ben")
        found = await asyncio.gather(*(fetch(api, user) for user in (ada, ada, ada, ada, ben)))
        assert sorted(response.status_code for response in found) == [200, 200, 429, 429, 429]
        assert found[-1].status_code == 200
        refused = next(response for response in found if response.status_code == 429)
        assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert refused.headers["retry-after"] == "10"
        assert actions(api, ada) == ["data_exported"]
        assert (await fetch(api, ada)).status_code == 200


async def test_an_archive_may_be_fetched_by_pages_that_may_call_the_api(empty_database: str) -> None:
    page, evil = "https://www.example.org", "https://evil.example"
    async with api_over(empty_database, settings={"cors_origins": (page,)}) as api:
        ada, *_ = api.factory.cast()
        found = await fetch(api, ada, origin=page)
        assert (found.status_code, found.headers["access-control-allow-origin"]) == (200, page)
        assert found.headers["access-control-allow-credentials"] == "true"
        asked = {"origin": page, "access-control-request-method": "GET"}
        preflight = await api.client.options("/export", headers=asked)
        assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (204, page)
        refused = await fetch(api, None, origin=page)
        assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, page)
        foreign = await fetch(api, ada, origin=evil, **{"sec-fetch-site": "cross-site"})
        assert foreign.status_code == 403
        assert "access-control-allow-origin" not in foreign.headers
        assert actions(api, ada) == ["data_exported"]


async def test_an_archive_is_charged_like_an_operation(empty_database: str) -> None:
    async with api_over(empty_database, settings={"rate_limit": 2 * PRICE}) as api:
        ada, *_ = api.factory.cast()
        given = {"authorization": f"Bearer {api.factory.session(ada)}"}
        found = [await api.client.get("/export", headers=given) for _ in range(3)]
        assert [response.status_code for response in found] == [200, 200, 429]
        assert found[-1].json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert int(found[-1].headers["retry-after"]) > 0
        assert actions(api, ada) == ["data_exported"] * 2


@pytest.mark.parametrize(
    ("method", "given", "status"),
    [
        ("POST", {}, 405),
        ("HEAD", {}, 405),
        ("GET", {"sec-fetch-site": "cross-site"}, 403),
        ("GET", {"cookie": "vrss_session=x", "origin": "https://evil.example"}, 403),
        ("GET", {}, 401),
        ("GET", {"authorization": "Basic x"}, 401),
    ],
)
async def test_each_refusal_costs_its_caller(
    empty_database: str, method: str, given: dict[str, str], status: int
) -> None:
    async with api_over(empty_database, settings={"rate_limit": 3 * REFUSAL}) as api:
        ada, *_ = api.factory.cast()
        found = [await api.client.request(method, "/export", headers=given) for _ in range(4)]
        assert [response.status_code for response in found] == [status] * 3 + [429]
        assert int(found[-1].headers["retry-after"]) > 0
        assert actions(api) == []
        assert (await fetch(api, ada)).status_code == 200  # from the same address, and pays for itself
        assert actions(api) == ["data_exported"]


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json", "application/zip"])
async def test_a_refusal_has_the_media_type_that_the_client_reads(api: Api, accept: str) -> None:
    kind = "application/json" if accept == "application/zip" else accept
    unknown = await fetch(api, None, accept=accept)
    wrong = await api.client.put("/export", headers={"accept": accept})
    assert (unknown.status_code, wrong.status_code, wrong.headers["allow"]) == (401, 405, "GET")
    for response in (unknown, wrong):
        assert response.headers["content-type"] == f"{kind}; charset=utf-8"
        (error,) = response.json()["errors"]
        assert error["extensions"]["requestId"] == response.headers["x-request-id"]


async def test_a_wrong_header_does_not_take_a_valid_cookie_away(api: Api) -> None:
    ada, *_ = api.factory.cast()
    cookie = f"vrss_session={api.factory.session(ada)}"
    for authorization in ("Bearer wrong", "Basic x"):
        refused = await api.client.get("/export", headers={"authorization": authorization, "cookie": cookie})
        assert refused.status_code == 401
        assert "set-cookie" not in refused.headers
    stale = await api.client.get("/export", headers={"cookie": "vrss_session=stale"})
    assert stale.status_code == 401
    assert stale.headers["set-cookie"].startswith("vrss_session=; Max-Age=0;")
    assert (await api.client.get("/export", headers={"cookie": cookie})).status_code == 200


async def test_a_refusal_is_found_in_the_log_with_its_code(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "vrss.access"):
        refused = await api.client.get("/export")
    (record,) = [record for record in caplog.records if record.name == "vrss.access"]
    found = {name: vars(record)[name] for name in ("request_id", "path", "status", "codes")}
    expected = {"request_id": refused.headers["x-request-id"], "path": "/export", "status": 401}
    assert found == {**expected, "codes": ["UNAUTHENTICATED"]}


async def test_a_refusal_for_too_many_requests_takes_a_moment(empty_database: str) -> None:
    async with api_over(empty_database, settings={"rate_limit": PRICE}) as api:
        ada, *_ = api.factory.cast()
        given = {"authorization": f"Bearer {api.factory.session(ada)}"}
        assert (await api.client.get("/export", headers=given)).status_code == 200
        started = time.monotonic()
        assert (await api.client.get("/export", headers=given)).status_code == 429
        assert time.monotonic() - started >= 0.1
        assert actions(api, ada) == ["data_exported"]


async def test_a_network_address_fetches_four_archives_at_a_time(api: Api) -> None:
    people = [api.factory.user(f"person_{n}") for n in range(6)]
    found = await asyncio.gather(*(fetch(api, person) for person in people))
    refused = [response for response in found if response.status_code != 200]
    assert [response.status_code for response in refused] == [429, 429]
    for response in refused:
        (error,) = response.json()["errors"]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert response.headers["retry-after"] == "10"
    assert actions(api) == ["data_exported"] * 4
    assert (await fetch(api, people[0])).status_code == 200
