"""A block that meets a follow or a like at the same moment: whoever comes second, no follow is left."""

import asyncio

import httpx
import psycopg
import pytest

from api.gql.ids import encode
from db.statements import load
from tests.api.conftest import Api, api_over
from tests.contention.scene import PATIENT, Scene, met
from tests.factories import Factory

BLOCK = "mutation ($id: ID!) { blockUser(input: {userId: $id}) { blocked { username } userErrors { code } } }"
FOLLOW = "mutation ($id: ID!) { follow(input: {userId: $id}) { user { username } userErrors { code } } }"
UNFOLLOW = "mutation ($id: ID!) { unfollow(input: {userId: $id}) { user { username } userErrors { code } } }"
NOT_FOUND = [{"code": "NOT_FOUND"}]
TABLES = ("app.user_blocks", "user_follows", "friendships")


def _run(api: Api, query: str, viewer: int, user: int) -> asyncio.Task[httpx.Response]:
    body = {"query": query, "variables": {"id": encode("User", user)}}
    return asyncio.create_task(api.post(body, viewer=viewer))


def _hold_pair(session: psycopg.Connection, one: int, other: int) -> None:
    session.execute(load("privacy")["lock_pair"].sql, {"viewer": one, "user_id": other})


def _left(make: Factory) -> tuple[int, int, int]:
    """Blocks, follows and friendships."""
    return tuple(
        make.scalar(f"SELECT count(*) FROM {name}") for name in ("app.user_blocks", "user_follows", "friendships")
    )


@pytest.fixture
def friends_to_be(scene: Scene) -> Scene:
    """Ada follows Ben; his follow back would make them friends."""
    scene.make.follow(scene.ada, scene.ben)
    return scene


async def test_a_block_waits_for_a_follow_and_ends_it(friends_to_be: Scene, one: psycopg.Connection) -> None:
    scene = friends_to_be
    async with api_over(scene.url, **PATIENT) as api:
        _hold_pair(one, scene.ben, scene.ada)
        one.execute("INSERT INTO user_follows (follower_id, following_id) VALUES (%s, %s)", [scene.ben, scene.ada])
        blocking = _run(api, BLOCK, scene.ada, scene.ben)
        await met(one)
        one.commit()
        assert (await blocking).json()["data"]["blockUser"] == {"blocked": {"username": "ben"}, "userErrors": []}
    assert _left(scene.make) == (1, 0, 0)


async def test_a_follow_waits_for_a_block_and_finds_nobody(friends_to_be: Scene, one: psycopg.Connection) -> None:
    scene = friends_to_be
    async with api_over(scene.url, **PATIENT) as api:
        _hold_pair(one, scene.ada, scene.ben)
        one.execute("INSERT INTO app.user_blocks (blocker_id, blocked_id) VALUES (%s, %s)", [scene.ada, scene.ben])
        one.execute("DELETE FROM user_follows")
        following = _run(api, FOLLOW, scene.ben, scene.ada)
        await met(one)
        one.commit()
        assert (await following).json()["data"]["follow"] == {"user": None, "userErrors": NOT_FOUND}
    assert _left(scene.make) == (1, 0, 0)
    assert scene.make.scalar("SELECT count(*) FROM notifications") == 0


async def test_blocks_follows_and_leavings_at_once_end_blocked_and_severed(friends_to_be: Scene) -> None:
    """No deadlock either: all of them take the lock of the pair before they touch a follow."""
    scene = friends_to_be
    pool = {**PATIENT, "pool_min_size": 6, "pool_max_size": 6}
    async with api_over(scene.url, **pool) as api:
        for viewer in (scene.ada, scene.ben):
            api.tokens[viewer] = scene.make.session(viewer)
        for _ in range(15):
            scene.make.connection.execute("DELETE FROM app.user_blocks")
            await asyncio.gather(
                _run(api, FOLLOW, scene.ben, scene.ada),
                _run(api, FOLLOW, scene.ada, scene.ben),
                _run(api, UNFOLLOW, scene.ben, scene.ada),
                _run(api, BLOCK, scene.ada, scene.ben),
                _run(api, FOLLOW, scene.ben, scene.ada),
            )
            assert _left(scene.make) == (1, 0, 0)
        assert scene.make.scalar("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0


async def test_a_block_and_a_like_at_once_leave_the_counter_as_a_recount_has_it(scene: Scene) -> None:
    async with api_over(scene.url, **PATIENT) as api:
        for viewer in (scene.ada, scene.ben):
            api.tokens[viewer] = scene.make.session(viewer)
        for _ in range(10):
            scene.make.connection.execute("DELETE FROM app.user_blocks")
            scene.make.connection.execute("DELETE FROM post_interactions")
            await asyncio.gather(scene.like(api), _run(api, BLOCK, scene.ada, scene.ben))
            likes, counted, _ = scene.written()
            assert likes == counted
            assert scene.make.scalar("SELECT count(*) FROM app.user_blocks") == 1
