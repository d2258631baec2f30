"""Acts that meet their undoing, a reader or a repair: one notification at most, and as read as it was."""

import asyncio
from typing import LiteralString

import httpx
import psycopg
import pytest

from api.gql.ids import encode
from db.statements import load
from tests.api.conftest import Api, api_over
from tests.contention.scene import LIKED, PATIENT, Scene, met
from tests.counters.running import repairing

ROWS: LiteralString = "SELECT is_read, withdrawn_at IS NOT NULL FROM notifications"
UNLIKE = "mutation ($post: ID!) { unlikePost(input: {postId: $post}) { userErrors { code } } }"
READ = "mutation ($id: ID!) { markNotificationsRead(input: {ids: [$id]}) { notifications { id } userErrors { code } } }"
GONE: dict[str, object] = {"unlikePost": {"userErrors": []}}


async def unlike(api: Api, scene: Scene) -> httpx.Response:
    return await api.post({"query": UNLIKE, "variables": {"post": scene.post_id}}, viewer=scene.ben)


@pytest.mark.parametrize("is_read", [False, True])
async def test_a_like_that_waits_for_its_undoing_brings_its_notification_back(
    scene: Scene, one: psycopg.Connection, is_read: bool
) -> None:
    async with api_over(scene.url, **PATIENT) as api:
        assert (await scene.like(api)).json()["data"] == LIKED
        if is_read:
            scene.make.connection.execute("UPDATE notifications SET is_read = TRUE, read_at = now()")
        given = {"viewer": scene.ben, "post_id": scene.post}
        one.execute(load("interactions")["unlike_post"].sql, given)
        one.execute(load("notifying_likes")["withdraw_like"].sql, given)
        liking = scene.like(api)
        await met(one)
        one.commit()
        assert (await liking).json()["data"] == LIKED
    assert scene.make.connection.execute(ROWS).fetchall() == [(is_read, False)]


async def test_what_is_read_while_it_is_undone_is_withdrawn(scene: Scene, one: psycopg.Connection) -> None:
    async with api_over(scene.url, **PATIENT) as api:
        await scene.like(api)
        one.execute("UPDATE notifications SET is_read = TRUE, read_at = now()")
        undoing = asyncio.create_task(unlike(api, scene))
        await met(one)
        one.commit()
        assert (await undoing).json()["data"] == GONE
    assert scene.make.connection.execute(ROWS).fetchall() == [(True, True)]


async def test_what_is_undone_while_it_is_read_is_left_out(scene: Scene, one: psycopg.Connection) -> None:
    async with api_over(scene.url, **PATIENT) as api:
        await scene.like(api)
        id_ = encode("Notification", scene.make.scalar("SELECT id FROM notifications"))
        given = {"viewer": scene.ben, "post_id": scene.post}
        one.execute(load("interactions")["unlike_post"].sql, given)
        one.execute(load("notifying_likes")["withdraw_like"].sql, given)
        reading = asyncio.create_task(api.post({"query": READ, "variables": {"id": id_}}, viewer=scene.ada))
        await met(one)
        one.commit()
        assert (await reading).json()["data"]["markNotificationsRead"] == {"notifications": [], "userErrors": []}
    assert scene.make.connection.execute(ROWS).fetchall() == []


@pytest.mark.parametrize("is_read", [False, True])
async def test_a_repair_withdraws_nothing_whose_act_is_repeated_meanwhile(
    scene: Scene, one: psycopg.Connection, is_read: bool
) -> None:
    read = {"is_read": True, "read_at": "now"} if is_read else {}
    scene.make.insert(
        "notifications", user_id=scene.ada, actor_id=scene.ben, type="like", post_id=scene.post, title="x", **read
    )
    given = {"viewer": scene.ben, "post_id": scene.post}
    one.execute(load("interactions")["like_post"].sql, {"viewer": scene.ben, "post_id": scene.post})
    one.execute(load("notifying_likes")["notify_like"].sql, given)
    with repairing(scene.url) as repair:
        await met(one)
        one.commit()
    assert [drift for drift in repair.result() if drift.table == "notifications"] == []
    assert scene.make.connection.execute(ROWS).fetchall() == [(is_read, False)]
