"""Requests that are cut off, and connections that are lost: nothing runs on, and the next request works."""

import asyncio
import http.client
import json
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.api.conftest import api_over
from tests.cli.commands import serving
from tests.contention.scene import (
    LIKE,
    LIKED,
    NOTHING,
    ONE_CONNECTION,
    PATIENT,
    POST,
    VIEWER,
    Scene,
    hold,
    met,
    refusal,
)
from tests.waiting import until_blocked_by

# Makes COMMIT wait for whoever holds this advisory lock.
SLOW_COMMIT = """
CREATE FUNCTION app.wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER wait_at_commit AFTER INSERT ON post_interactions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION app.wait_at_commit();
"""

TERMINATE = "SELECT count(*) FROM unnest(%s::integer[]) AS pid WHERE pg_terminate_backend(pid, 10000)"
SERVING = """
SELECT coalesce(array_agg(pid ORDER BY pid), '{}') FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'vrss'
"""
BUSY = f"SELECT count(*) FROM pg_stat_activity WHERE pid = ANY (({SERVING})::integer[]) AND state <> 'idle'"


@pytest.mark.parametrize("query", [POST, LIKE])
async def test_a_request_past_its_deadline_leaves_an_idle_connection(
    scene: Scene, one: psycopg.Connection, query: str
) -> None:
    """A loader reads in a task of its own, a mutation in that of the request: both are stopped in the server, too."""
    async with api_over(scene.url, deadline_seconds=0.5, **PATIENT, **ONE_CONNECTION) as api:
        await api.run(VIEWER, viewer=scene.ben)
        serving = scene.make.scalar(SERVING)
        one.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
        response = await api.post({"query": query, "variables": {"post": scene.post_id}}, viewer=scene.ben)
        assert refusal(response) == (503, "TIMEOUT", "1")
        assert scene.make.scalar(BUSY) == 0
        assert await api.run(VIEWER, viewer=scene.ben) == {"viewer": {"username": "ben"}}
        assert scene.make.scalar(SERVING) == serving  # a stopped statement does not cost its connection
    one.rollback()
    assert scene.written() == NOTHING


@pytest.mark.parametrize("query", [POST, LIKE])
async def test_a_cancelled_request_leaves_an_idle_connection(scene: Scene, one: psycopg.Connection, query: str) -> None:
    async with api_over(scene.url, **PATIENT, **ONE_CONNECTION) as api:
        one.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
        body = {"query": query, "variables": {"post": scene.post_id}}
        asking = asyncio.create_task(api.post(body, viewer=scene.ben))
        await met(one)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert scene.make.scalar(BUSY) == 0
        assert await api.run(VIEWER, viewer=scene.ben) == {"viewer": {"username": "ben"}}
    one.rollback()
    assert scene.written() == NOTHING


@pytest.mark.parametrize("query", [POST, LIKE])
def test_a_client_that_hangs_up_stops_its_statement(scene: Scene, one: psycopg.Connection, query: str) -> None:
    """The lock is held all the time: what waited for it has ended because nobody waits for the answer."""
    one.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
    headers = {"content-type": "application/json", "authorization": f"Bearer {scene.make.session(scene.ben)}"}
    settings = {"POOL_MIN_SIZE": "1", "POOL_MAX_SIZE": "1", "LOCK_TIMEOUT_MS": "60000", "STATEMENT_TIMEOUT_MS": "60000"}

    def ask(address: str, query: str) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
        body = json.dumps({"query": query, "variables": {"post": scene.post_id}})
        connection.request("POST", "/graphql", body, headers)
        return connection

    environment = {f"VRSS_{name}": value for name, value in settings.items()}
    with serving("serve", DATABASE_URL=scene.url, VRSS_WORKER="false", **environment) as (_, address):
        gone = ask(address, query)
        until_blocked_by(one)
        gone.close()
        there = ask(address, VIEWER)  # waits for the one connection
        assert json.load(there.getresponse())["data"] == {"viewer": {"username": "ben"}}
        there.close()
        assert scene.make.scalar(BUSY) == 0
        one.rollback()
    assert scene.written() == NOTHING


async def test_a_connection_that_is_lost_is_overload_and_the_next_request_works(
    scene: Scene, one: psycopg.Connection
) -> None:
    hold(one, scene)
    async with api_over(scene.url, **PATIENT, **ONE_CONNECTION) as api:
        liking = scene.like(api)
        assert scene.make.scalar(TERMINATE, [await met(one)]) == 1
        assert refusal(await liking) == (503, "OVERLOADED", "1")
        assert scene.written() == NOTHING
        one.rollback()
        assert (await scene.like(api)).json()["data"] == LIKED


async def test_connections_closed_while_idle_are_replaced_without_an_error(scene: Scene) -> None:
    async with api_over(scene.url, pool_min_size=3, pool_max_size=3) as api:
        await api.run(VIEWER, viewer=scene.ben)
        sleeping = scene.make.scalar(SERVING)
        assert scene.make.scalar(TERMINATE, sleeping) == len(sleeping) == 3
        for _ in range(3):
            assert await api.run(VIEWER, viewer=scene.ben) == {"viewer": {"username": "ben"}}
        assert not set(sleeping) & set(scene.make.scalar(SERVING))


async def test_a_connection_lost_at_commit_is_not_reported_as_unchanged(scene: Scene, one: psycopg.Connection) -> None:
    scene.make.connection.execute(SLOW_COMMIT)
    one.execute("SELECT pg_advisory_lock(1)")
    async with api_over(scene.url, **PATIENT) as api:
        liking = scene.like(api)
        assert scene.make.scalar(TERMINATE, [await met(one)]) == 1
        response = await liking
    assert refusal(response) == (200, "OUTCOME_UNKNOWN", None)
    assert "Look whether it is there" in response.json()["errors"][0]["message"]
    assert "Nothing was changed" not in response.text


async def test_without_a_free_connection_a_request_times_out_and_later_is_served(
    scene: Scene, one: psycopg.Connection
) -> None:
    hold(one, scene)
    async with api_over(scene.url, pool_timeout_seconds=0.1, **PATIENT, **ONE_CONNECTION) as api:
        liking = scene.like(api)
        await met(one)
        started = asyncio.get_running_loop().time()
        response = await api.post({"query": VIEWER}, viewer=scene.ben)
        waited = asyncio.get_running_loop().time() - started
        assert refusal(response) == (503, "OVERLOADED", "1")
        assert 0.1 <= waited < 5
        one.rollback()
        assert (await liking).json()["data"] == LIKED
        assert await api.run(VIEWER, viewer=scene.ben) == {"viewer": {"username": "ben"}}
