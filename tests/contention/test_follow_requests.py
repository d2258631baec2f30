"""Requests to follow that meet their answer, a block or a change of the profile at the same moment."""

import asyncio

import httpx
import psycopg
import pytest

from api.gql.ids import encode
from db.statements import load
from tests.api.conftest import Api, api_over
from tests.contention.scene import PATIENT, Scene, met

APPROVE = "mutation ($id: ID!) { it: approveFollowRequest(input: {followRequestId: $id}) { userErrors { code } } }"
REJECT = "mutation ($id: ID!) { it: rejectFollowRequest(input: {followRequestId: $id}) { userErrors { code } } }"
FOLLOW = "mutation ($id: ID!) { it: follow(input: {userId: $id}) { user { viewerFollows } userErrors { code } } }"
UNFOLLOW = "mutation ($id: ID!) { it: unfollow(input: {userId: $id}) { userErrors { code } } }"
BLOCK = "mutation ($id: ID!) { it: blockUser(input: {userId: $id}) { userErrors { code } } }"
PRIVACY = "mutation ($id: Visibility!) { it: updatePrivacy(input: {profileVisibility: $id}) { userErrors { code } } }"


def _run(api: Api, query: str, viewer: int, id_: str) -> asyncio.Task[httpx.Response]:
    return asyncio.create_task(api.post({"query": query, "variables": {"id": id_}}, viewer=viewer))


async def _errors(task: asyncio.Task[httpx.Response]) -> list[str]:
    return [error["code"] for error in (await task).json()["data"]["it"]["userErrors"]]


def _hold_pair(session: psycopg.Connection, scene: Scene) -> None:
    session.execute(load("privacy")["lock_pair"].sql, {"viewer": scene.ada, "user_id": scene.ben})


def _left(scene: Scene) -> tuple[int, ...]:
    """Requests, follows and blocks."""
    names = ("app.follow_requests", "user_follows", "app.user_blocks")
    return tuple(scene.make.scalar(f"SELECT count(*) FROM {name}") for name in names)


@pytest.fixture
def request_id(scene: Scene) -> str:
    """Ada approves her followers, and Ben has asked."""
    scene.make.connection.execute("UPDATE user_profiles SET visibility = 'followers' WHERE user_id = %s", [scene.ada])
    made = scene.make.insert("app.follow_requests", requester_id=scene.ben, target_id=scene.ada)
    return encode("FollowRequest", made)


@pytest.mark.parametrize("answer", [APPROVE, REJECT])
async def test_an_answer_waits_for_a_withdrawal_and_finds_no_request(
    scene: Scene, one: psycopg.Connection, request_id: str, answer: str
) -> None:
    async with api_over(scene.url, **PATIENT) as api:
        _hold_pair(one, scene)
        one.execute("DELETE FROM app.follow_requests")
        answering = _run(api, answer, scene.ada, request_id)
        await met(one)
        one.commit()
        assert await _errors(answering) == ["NOT_FOUND"]
    assert _left(scene) == (0, 0, 0)


async def test_an_approval_waits_for_a_block_and_lets_nobody_in(
    scene: Scene, one: psycopg.Connection, request_id: str
) -> None:
    async with api_over(scene.url, **PATIENT) as api:
        _hold_pair(one, scene)
        given = {"viewer": scene.ada, "user_id": scene.ben}
        one.execute(load("privacy")["block_user"].sql, given)
        one.execute(load("follow_requests")["delete_follow_requests_between"].sql, given)
        approving = _run(api, APPROVE, scene.ada, request_id)
        await met(one)
        one.commit()
        assert await _errors(approving) == ["NOT_FOUND"]
    assert _left(scene) == (0, 0, 1)


async def test_of_two_approvals_the_second_finds_no_request(scene: Scene, request_id: str) -> None:
    async with api_over(scene.url, **PATIENT) as api:
        api.tokens[scene.ada] = scene.make.session(scene.ada)
        both = [_run(api, APPROVE, scene.ada, request_id) for _ in range(2)]
        assert sorted([await _errors(task) for task in both]) == [[], ["NOT_FOUND"]]
    assert _left(scene) == (0, 1, 0)
    assert scene.make.scalar("SELECT count(*) FROM notifications") == 1


async def test_a_follow_waits_for_a_profile_that_closes_and_asks(scene: Scene, one: psycopg.Connection) -> None:
    async with api_over(scene.url, **PATIENT) as api:
        change = {"viewer": scene.ada, "visibility": "followers"}
        one.execute(load("privacy")["set_profile_visibility"].sql, change)
        following = _run(api, FOLLOW, scene.ben, encode("User", scene.ada))
        await met(one)
        one.commit()
        assert (await following).json()["data"]["it"] == {"user": {"viewerFollows": False}, "userErrors": []}
    assert _left(scene) == (1, 0, 0)


async def test_a_profile_does_not_close_between_the_question_and_the_follow(
    scene: Scene, one: psycopg.Connection
) -> None:
    async with api_over(scene.url, **PATIENT) as api:
        one.execute(load("follow_requests")["lock_approval"].sql, {"user_id": scene.ada})
        closing = _run(api, PRIVACY, scene.ada, "FOLLOWERS")
        await met(one)
        one.execute(load("users")["follow_user"].sql, {"viewer": scene.ben, "user_id": scene.ada})
        one.commit()
        assert await _errors(closing) == []
    assert _left(scene) == (0, 1, 0)


async def test_all_at_once_leaves_a_block_and_nothing_else(scene: Scene, request_id: str) -> None:
    """No deadlock either: all of them take the lock of the pair first."""
    pool = {**PATIENT, "pool_min_size": 6, "pool_max_size": 6}
    ada, ben = encode("User", scene.ada), encode("User", scene.ben)
    async with api_over(scene.url, **pool) as api:
        for viewer in (scene.ada, scene.ben):
            api.tokens[viewer] = scene.make.session(viewer)
        for _ in range(10):
            scene.make.connection.execute("DELETE FROM app.user_blocks")
            asked = (
                scene.make.insert("app.follow_requests", requester_id=scene.ben, target_id=scene.ada)
                if (scene.make.scalar("SELECT count(*) FROM app.follow_requests") == 0)
                else scene.make.scalar("SELECT id FROM app.follow_requests")
            )
            request_id = encode("FollowRequest", asked)
            await asyncio.gather(
                _run(api, APPROVE, scene.ada, request_id),
                _run(api, UNFOLLOW, scene.ben, ada),
                _run(api, FOLLOW, scene.ben, ada),
                _run(api, PRIVACY, scene.ada, "FOLLOWERS"),
                _run(api, BLOCK, scene.ada, ben),
                _run(api, REJECT, scene.ada, request_id),
            )
            assert _left(scene) == (0, 0, 1)
        assert scene.make.scalar("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0
