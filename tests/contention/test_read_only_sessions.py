"""A session that is due to be extended still reads where nothing can be written, and only then is not extended."""

from collections.abc import AsyncGenerator
from datetime import datetime

import psycopg
import pytest

from tests.api.conftest import Api, api_over
from tests.contention.scene import ONE_CONNECTION, VIEWER, Scene, refusal

BUSY = (503, "OVERLOADED", "1")
DUE = "UPDATE app.sessions SET expires_at = now() + interval '2 days' WHERE user_id = {}"
# The database became read-only between the look at the session and its extension.
REFUSING = """
CREATE FUNCTION app.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'as if' USING ERRCODE = '{}';
END
$$;
CREATE TRIGGER refuse BEFORE UPDATE ON app.sessions FOR EACH ROW EXECUTE FUNCTION app.refuse();
"""


@pytest.fixture(params=["pipeline", "psycopg"])
def driver(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
async def read_only(scene: Scene, driver: str) -> AsyncGenerator[Api]:
    """The API over a database that takes no writes, with a session that is due."""
    token = scene.make.session(scene.ben)
    scene.make.connection.execute(DUE.format(scene.ben).encode())
    name = scene.make.connection.info.dbname
    scene.make.connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    async with api_over(scene.url, driver=driver, **ONE_CONNECTION) as api:
        api.tokens[scene.ben] = token
        yield api


def expiry(scene: Scene) -> datetime:
    return scene.make.scalar("SELECT expires_at FROM app.sessions WHERE user_id = %s", scene.ben)


def connections(scene: Scene) -> set[int]:
    """Process ids of the server's; one that the pool closed before may still be among them for a moment."""
    with psycopg.connect(scene.url) as connection:
        rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'vrss'").fetchall()
    return {pid for (pid,) in rows}


async def test_a_read_on_a_read_only_database_answers_when_its_session_is_due(read_only: Api, scene: Scene) -> None:
    before = expiry(scene)
    assert await read_only.run(VIEWER, viewer=scene.ben) == {"viewer": {"username": "ben"}}
    opened = connections(scene)
    for _ in range(3):
        assert await read_only.run(VIEWER, viewer=scene.ben) == {"viewer": {"username": "ben"}}
        assert "extend_session" not in read_only.statements
    assert expiry(scene) == before
    assert connections(scene)
    assert connections(scene) <= opened  # none was given up for a new one


async def test_an_archive_that_nobody_can_note_is_refused_before_it_begins(read_only: Api, scene: Scene) -> None:
    headers = {"authorization": f"Bearer {read_only.tokens[scene.ben]}"}
    response = await read_only.client.get("/export", headers=headers)
    assert refusal(response) == BUSY


@pytest.mark.parametrize("end", ["revoked_at = now()", "created_at = now() - interval '9 days', expires_at = now()"])
async def test_a_session_that_is_over_is_refused_on_a_read_only_database(
    read_only: Api, scene: Scene, end: str
) -> None:
    assert await read_only.run(VIEWER, viewer=scene.ben) == {"viewer": {"username": "ben"}}
    scene.make.connection.execute("SET default_transaction_read_only = off")
    scene.make.connection.execute(f"UPDATE app.sessions SET {end} WHERE user_id = {scene.ben}".encode())
    response = await read_only.post({"query": VIEWER}, viewer=scene.ben)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")


async def test_a_session_of_a_suspended_account_is_refused_on_a_read_only_database(
    read_only: Api, scene: Scene
) -> None:
    scene.make.connection.execute("SET default_transaction_read_only = off")
    scene.make.connection.execute(f"UPDATE users SET status = 'suspended' WHERE id = {scene.ben}".encode())
    error = await read_only.fail("{ viewer { user { username } } }", viewer=scene.ben)
    assert error["extensions"]["code"] == "ACCOUNT_SUSPENDED"


async def test_a_read_succeeds_when_the_database_turns_read_only_before_extending(scene: Scene, driver: str) -> None:
    async with api_over(scene.url, driver=driver, **ONE_CONNECTION) as api:
        api.tokens[scene.ben] = scene.make.session(scene.ben)
        scene.make.connection.execute(DUE.format(scene.ben).encode())
        scene.make.connection.execute(REFUSING.format("25006").encode())
        before = expiry(scene)
        assert await api.run(VIEWER, viewer=scene.ben) == {"viewer": {"username": "ben"}}
        assert "extend_session" in api.statements
        assert expiry(scene) == before


@pytest.mark.parametrize("state", ["55P03", "53100", "42P01"])
async def test_another_failure_of_the_extension_is_reported(scene: Scene, driver: str, state: str) -> None:
    async with api_over(scene.url, driver=driver, **ONE_CONNECTION) as api:
        api.tokens[scene.ben] = scene.make.session(scene.ben)
        scene.make.connection.execute(DUE.format(scene.ben).encode())
        scene.make.connection.execute(REFUSING.format(state).encode())
        before = expiry(scene)
        assert refusal(await api.post({"query": VIEWER}, viewer=scene.ben)) == BUSY
        assert expiry(scene) == before
