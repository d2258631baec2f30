"""`/readyz` answers in time, whatever the server and the pool do."""

import asyncio
from pathlib import Path

import pytest

from api import app
from tests.api.conftest import api_over
from tests.silence import relayed
from tests.waiting import until_blocked_by

FIRST_STATEMENT = b"transaction_read_only"


async def test_a_server_that_falls_silent_is_named_in_time_and_found_again(
    empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "CHECK_SECONDS", 0.3)
    with relayed(empty_database, tmp_path) as (url, relay):
        async with api_over(url) as api:
            relay.stops_at = FIRST_STATEMENT
            async with asyncio.timeout(20):
                response = await api.client.get("/readyz")
                assert (response.status_code, response.json()) == (
                    503,
                    {"ready": False, "problems": ["The database does not answer in 0.3 s."]},
                )
                assert relay.silenced == 1
                relay.stops_at = None
                while response.status_code == 503:  # for a second at most
                    response = await api.client.get("/readyz")
            assert response.json() == {"ready": True, "problems": []}


async def test_a_pool_without_a_free_connection_is_named(empty_database: str) -> None:
    async with api_over(empty_database, pool_min_size=1, pool_max_size=1, pool_timeout_seconds=0.2) as api:
        with api.factory.connection.transaction():
            api.factory.connection.execute("LOCK TABLE users")
            asked = asyncio.create_task(api.post({"query": '{ user(username: "ada") { id } }'}))
            await asyncio.to_thread(until_blocked_by, api.factory.connection)
            response = await api.client.get("/readyz")
        assert (await asked).json()["data"] == {"user": None}
        assert (response.status_code, response.json()) == (
            503,
            {"ready": False, "problems": ["No connection of the pool is free within 0.2 s."]},
        )
        while response.status_code == 503:  # for a second at most
            response = await api.client.get("/readyz")
        assert response.json() == {"ready": True, "problems": []}
