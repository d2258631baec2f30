"""A database that was brought below head: the API writes nothing there, since no trigger would count it."""

from typing import Any

import psycopg
import pytest

from api.gql.ids import encode
from db.errors import NotReadyError
from db.maintenance import purges
from db.migrations.migrate import downgrade, upgrade
from tests.api.conftest import api_over
from tests.contention.scene import Scene
from tests.driver.scene import pool_over
from tests.triggers.recount import differences

WRITES = {
    "createPost": 'mutation { createPost(input: {content: "x"}) { post { id } } }',
    "deleteMedia": "mutation ($media: ID!) { deleteMedia(input: {mediaId: $media}) { deletedId } }",
    "updatePrivacy": "mutation { updatePrivacy(input: {showFollowers: false}) { privacy { showFollowers } } }",
    "changeUsername": 'mutation { changeUsername(input: {username: "other"}) { viewer { username } } }',
}


@pytest.mark.parametrize("below", ["0012", "0006"])
async def test_the_api_writes_nothing_below_head(scene: Scene, below: str) -> None:
    media = scene.make.media(scene.ben, scene.make.post(scene.ben))
    async with api_over(scene.url) as api:
        await api.run("{ viewer { username } }", viewer=scene.ben)
        downgrade(scene.url, below)
        before = _rows(scene.make.connection)
        for name, query in WRITES.items():
            body: dict[str, Any] = {"query": query, "variables": {"media": encode("Media", media)}}
            response = await api.post(body, viewer=scene.ben)
            assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (503, "OVERLOADED"), (
                name
            )
        assert _rows(scene.make.connection) == before
        upgrade(scene.url)
        assert await api.run(WRITES["updatePrivacy"], viewer=scene.ben) == {
            "updatePrivacy": {"privacy": {"showFollowers": False}}
        }
    assert differences(scene.make.connection) == []


async def test_no_purge_runs_below_head(scene: Scene) -> None:
    scene.make.connection.execute(
        "UPDATE posts SET status = 'deleted'; UPDATE posts SET deleted_at = now() - interval '31 days'"
    )
    downgrade(scene.url, "0012")
    async with pool_over(scene.url) as pool, pool.operation() as database:
        with pytest.raises(NotReadyError):
            await purges.purge_posts(database)
    assert scene.make.scalar("SELECT count(*) FROM posts") == 1


def _rows(connection: psycopg.Connection) -> list[tuple[Any, ...]]:
    query = "SELECT (SELECT json_agg(t) FROM {} AS t)::text"
    tables = ("posts", "post_media", "storage_usage", "user_profiles", "users")
    return [row for table in tables for row in connection.execute(query.format(table).encode())]
