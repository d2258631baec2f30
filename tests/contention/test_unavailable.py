"""States of a database that are no fault of ours, and of no request: each is OVERLOADED, and over when they are."""

from collections.abc import AsyncGenerator, Iterator

import psycopg
import pytest

from db.embedded.server import EmbeddedPostgres, temporary_server
from db.migrations.migrate import upgrade
from tests.api.conftest import Api, api_over
from tests.contention.scene import LIKED, NOTHING, ONCE, ONE_CONNECTION, POST, VIEWER, Scene, refusal

BUSY = (503, "OVERLOADED", "1")

# What a server says by itself only when its disk is full, its memory used up, or it is ending.
RAISING = """
CREATE FUNCTION app.raise_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'as if' USING ERRCODE = '{}';
END
$$;
CREATE TRIGGER raise_state BEFORE INSERT ON post_interactions FOR EACH ROW EXECUTE FUNCTION app.raise_state();
"""


@pytest.fixture(params=["pipeline", "psycopg"])
async def api(request: pytest.FixtureRequest, scene: Scene) -> AsyncGenerator[Api]:
    async with api_over(scene.url, driver=request.param, **ONE_CONNECTION) as opened:
        assert await opened.run(POST, viewer=scene.ben, post=scene.post_id) == {"post": {"id": scene.post_id}}
        yield opened


def alter(scene: Scene, command: str) -> None:
    scene.make.connection.execute(command.format(name=scene.make.connection.info.dbname).encode())


async def assert_serves(api: Api, scene: Scene) -> None:
    assert await api.run(POST, viewer=scene.ben, post=scene.post_id) == {"post": {"id": scene.post_id}}
    assert (await scene.like(api)).json()["data"] == LIKED
    assert scene.written() == ONCE


async def test_a_read_only_database_is_overload_for_writes_and_not_ready(api: Api, scene: Scene) -> None:
    """A connection that has refused a write is replaced: it may lead to what was the primary before a failover."""
    alter(scene, "ALTER DATABASE {name} SET default_transaction_read_only = on")
    scene.make.scalar(
        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'vrss'"
    )
    assert await api.run(VIEWER, viewer=scene.ben) == {"viewer": {"username": "ben"}}
    assert refusal(await scene.like(api)) == BUSY
    assert scene.written() == NOTHING
    ready = await api.client.get("/readyz")
    assert (ready.status_code, ready.json()["problems"]) == (
        503,
        ["The database is read-only: it is a standby, or default_transaction_read_only is on."],
    )
    assert await api.run(VIEWER, viewer=scene.ben) == {"viewer": {"username": "ben"}}
    alter(scene, "ALTER DATABASE {name} RESET default_transaction_read_only")
    assert refusal(await scene.like(api)) == BUSY  # over the connection that was opened meanwhile
    await assert_serves(api, scene)


@pytest.mark.parametrize(
    "lacking",
    [
        "ALTER FUNCTION app.visible_posts RENAME TO {}",
        "ALTER TABLE posts RENAME TO {}",
        "ALTER SCHEMA app RENAME TO {}",
    ],
)
async def test_a_database_below_head_is_overload_for_reads(
    api: Api, scene: Scene, lacking: str, caplog: pytest.LogCaptureFixture
) -> None:
    name = lacking.split()[2]
    alter(scene, lacking.format("gone"))
    response = await api.post({"query": POST, "variables": {"post": scene.post_id}}, viewer=scene.ben)
    assert refusal(response) == BUSY
    assert response.headers["x-request-id"] in caplog.text
    assert "does not exist" in caplog.text
    back = f"ALTER {lacking.split()[1]} {name.rpartition('.')[0] + '.' if '.' in name else ''}gone RENAME TO "
    alter(scene, back + name.rpartition(".")[2])
    await assert_serves(api, scene)


@pytest.mark.parametrize(
    ("lacking", "back"),
    [
        ("ALTER TABLE post_interactions RENAME TO gone", "ALTER TABLE gone RENAME TO post_interactions"),
        (
            "ALTER TABLE post_interactions RENAME COLUMN type TO gone",
            "ALTER TABLE post_interactions RENAME COLUMN gone TO type",
        ),
    ],
)
async def test_a_database_below_head_is_overload_for_writes(api: Api, scene: Scene, lacking: str, back: str) -> None:
    alter(scene, lacking)
    assert refusal(await scene.like(api)) == BUSY
    alter(scene, back)
    assert scene.written() == NOTHING
    await assert_serves(api, scene)


@pytest.mark.parametrize(
    "state", ["08006", "08P01", "53100", "53200", "53300", "57P01", "57P03", "57P05", "58030", "25P03"]
)
async def test_a_server_out_of_resources_is_overload(api: Api, scene: Scene, state: str) -> None:
    scene.make.connection.execute(RAISING.format(state).encode())
    assert refusal(await scene.like(api)) == BUSY
    assert scene.written() == NOTHING
    scene.make.connection.execute("DROP TRIGGER raise_state ON post_interactions")
    await assert_serves(api, scene)


async def test_a_transaction_that_takes_too_long_is_late(api: Api, scene: Scene) -> None:
    """transaction_timeout of PostgreSQL 17 and newer; the connection is closed behind it."""
    scene.make.connection.execute(RAISING.format("25P04").encode())
    assert refusal(await scene.like(api)) == (503, "TIMEOUT", "1")
    assert scene.written() == NOTHING
    scene.make.connection.execute("DROP TRIGGER raise_state ON post_interactions")
    await assert_serves(api, scene)


@pytest.fixture
def small_server() -> Iterator[EmbeddedPostgres]:
    """One that takes eight connections and no more."""
    with temporary_server() as server:
        upgrade(server.url("postgres"))
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET max_connections = 8")
            connection.execute("ALTER SYSTEM SET max_wal_senders = 0")
            connection.execute("ALTER SYSTEM SET superuser_reserved_connections = 0")
        server.stop()
        server.start()
        yield server


async def test_a_server_without_free_connections_is_overload(small_server: EmbeddedPostgres) -> None:
    url = small_server.url("postgres")
    async with api_over(url, pool_timeout_seconds=0.2, **ONE_CONNECTION) as api:
        ben = api.factory.user("ben")
        assert await api.run(VIEWER, viewer=ben) == {"viewer": {"username": "ben"}}
        others = [psycopg.connect(url) for _ in range(6)]
        try:
            api.factory.scalar(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'vrss'"
            )
            others.append(psycopg.connect(url))
            assert refusal(await api.post({"query": VIEWER}, viewer=ben)) == BUSY
        finally:
            for other in others:
                other.close()
