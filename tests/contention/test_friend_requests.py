"""Answers to friend requests that meet another answer, or a withdrawal, at the same moment."""

import asyncio

import httpx
import psycopg

from api.gql.ids import encode
from db.statements import load
from tests.api.conftest import Api, api_over
from tests.contention.scene import PATIENT, Scene, met

RESPOND = """
mutation ($id: ID!, $accept: Boolean!) {
  respondToFriendRequest(input: {userId: $id, accept: $accept}) { userErrors { code } } }
"""


def _respond(api: Api, scene: Scene, *, accept: bool) -> asyncio.Task[httpx.Response]:
    variables = {"id": encode("User", scene.ben), "accept": accept}
    return asyncio.create_task(api.post({"query": RESPOND, "variables": variables}, viewer=scene.ada))


async def _errors(task: asyncio.Task[httpx.Response]) -> list[str]:
    return [error["code"] for error in (await task).json()["data"]["respondToFriendRequest"]["userErrors"]]


def _hold_pair(session: psycopg.Connection, scene: Scene) -> None:
    session.execute(load("privacy")["lock_pair"].sql, {"viewer": scene.ada, "user_id": scene.ben})


def _left(scene: Scene) -> tuple[int, ...]:
    """Follows and friendships."""
    return tuple(scene.make.scalar(f"SELECT count(*) FROM {name}") for name in ("user_follows", "friendships"))


async def test_a_rejection_waits_for_an_acceptance_and_ends_no_friendship(
    scene: Scene, one: psycopg.Connection
) -> None:
    scene.make.follow(scene.ben, scene.ada)
    async with api_over(scene.url, **PATIENT) as api:
        _hold_pair(one, scene)
        one.execute(load("users")["follow_user"].sql, {"viewer": scene.ada, "user_id": scene.ben})
        rejecting = _respond(api, scene, accept=False)
        await met(one)
        one.commit()
        assert await _errors(rejecting) == ["NOT_FOUND"]
    assert _left(scene) == (2, 1)


async def test_an_acceptance_waits_for_a_withdrawal_and_follows_nobody(scene: Scene, one: psycopg.Connection) -> None:
    scene.make.follow(scene.ben, scene.ada)
    async with api_over(scene.url, **PATIENT) as api:
        _hold_pair(one, scene)
        one.execute(load("users")["unfollow_user"].sql, {"viewer": scene.ben, "user_id": scene.ada})
        accepting = _respond(api, scene, accept=True)
        await met(one)
        one.commit()
        assert await _errors(accepting) == ["NOT_FOUND"]
    assert _left(scene) == (0, 0)
    assert scene.make.scalar("SELECT count(*) FROM notifications") == 0


async def test_of_two_opposite_answers_at_once_one_is_given(scene: Scene) -> None:
    pool = {**PATIENT, "pool_min_size": 2, "pool_max_size": 2}
    async with api_over(scene.url, **pool) as api:
        api.tokens[scene.ada] = scene.make.session(scene.ada)
        for _ in range(5):
            scene.make.connection.execute("DELETE FROM user_follows")
            scene.make.follow(scene.ben, scene.ada)
            both = [_respond(api, scene, accept=accept) for accept in (True, False)]
            assert sorted([await _errors(task) for task in both]) == [[], ["NOT_FOUND"]]
            assert _left(scene) in {(2, 1), (0, 0)}
