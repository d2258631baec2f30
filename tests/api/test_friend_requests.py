"""Friend requests: following, for apps that speak of friends."""

from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api

SEND = """
mutation ($id: ID!) { it: sendFriendRequest(input: {userId: $id}) {
  user { username viewerFollows followsViewer isFriend viewerFollowRequest { id } followersCount }
  followRequest { target { username } } deletedId viewer { id } userErrors { code field } } }
"""
RESPOND = """
mutation ($id: ID!, $accept: Boolean!) { it: respondToFriendRequest(input: {userId: $id, accept: $accept}) {
  user { username viewerFollows followsViewer isFriend } followRequest { target { username } } deletedId
  viewer { friendRequests { nodes { username } } user { friendsCount } } userErrors { code field } } }
"""
WAITING = "{ viewer { friendRequests { nodes { username } } followRequests { nodes { requester { username } } } } }"
NOT_FOUND = [{"code": "NOT_FOUND", "field": ["input", "userId"]}]
ONESELF = [{"code": "BAD_USER_INPUT", "field": ["input", "userId"]}]


async def send(api: Api, viewer: int, other: int) -> dict[str, Any]:
    return (await api.run(SEND, viewer=viewer, id=encode("User", other)))["it"]


async def respond(api: Api, viewer: int, other: int, *, accept: bool) -> dict[str, Any]:
    return (await api.run(RESPOND, viewer=viewer, id=encode("User", other), accept=accept))["it"]


async def waiting(api: Api, viewer: int) -> tuple[list[str], list[str]]:
    """Who follows the viewer without being followed back, and who has asked to follow."""
    found = (await api.run(WAITING, viewer=viewer))["viewer"]
    return (
        [node["username"] for node in found["friendRequests"]["nodes"]],
        [node["requester"]["username"] for node in found["followRequests"]["nodes"]],
    )


def left(api: Api) -> tuple[int, ...]:
    """Follows, friendships, requests and notifications."""
    tables = ("user_follows", "friendships", "app.follow_requests", "notifications")
    return tuple(api.factory.scalar(f"SELECT count(*) FROM {table}") for table in tables)


async def test_a_friend_request_is_a_follow_that_waits_to_be_returned(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    sent = await send(api, ben, ada)
    assert sent["user"] == {
        "username": "ada",
        "viewerFollows": True,
        "followsViewer": False,
        "isFriend": False,
        "viewerFollowRequest": None,
        "followersCount": 1,
    }
    assert (sent["followRequest"], sent["deletedId"], sent["userErrors"]) == (None, None, [])
    assert await send(api, ben, ada) == sent
    assert left(api) == (1, 0, 0, 1)
    assert await waiting(api, ada) == (["ben"], [])
    assert await waiting(api, ben) == ([], [])


async def test_a_friend_request_to_somebody_who_approves_followers_asks_first(api: Api) -> None:
    ada, ben = api.factory.user("ada", visibility="followers"), api.factory.user("ben")
    sent = await send(api, ben, ada)
    assert sent["followRequest"] == {"target": {"username": "ada"}}
    assert (sent["user"]["viewerFollows"], sent["user"]["isFriend"]) == (False, False)
    assert left(api) == (0, 0, 1, 1)
    assert await waiting(api, ada) == ([], ["ben"])
    api.factory.connection.execute("UPDATE user_profiles SET visibility = 'public'")
    again = await send(api, ben, ada)
    assert (again["followRequest"], again["deletedId"]) == (None, sent["user"]["viewerFollowRequest"]["id"])
    assert left(api) == (1, 0, 0, 1)


async def test_a_request_to_somebody_who_follows_already_makes_friends(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ada, ben)
    assert (await send(api, ben, ada))["user"]["isFriend"]
    assert left(api) == (2, 1, 0, 3)  # of the follow, and to both of the friendship


async def test_accepting_follows_back_and_may_be_said_twice(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    for who in (ben, cleo):
        await send(api, who, ada)
    answer = await respond(api, ada, ben, accept=True)
    assert answer == {
        "user": {"username": "ben", "viewerFollows": True, "followsViewer": True, "isFriend": True},
        "followRequest": None,
        "deletedId": None,
        "viewer": {"friendRequests": {"nodes": [{"username": "cleo"}]}, "user": {"friendsCount": 1}},
        "userErrors": [],
    }
    assert await respond(api, ada, ben, accept=True) == answer
    assert left(api) == (3, 1, 0, 5)


async def test_accepting_somebody_who_approves_followers_asks_them(api: Api) -> None:
    ada, ben = api.factory.user("ada"), api.factory.user("ben", visibility="followers")
    await send(api, ben, ada)
    answer = await respond(api, ada, ben, accept=True)
    assert answer["followRequest"] == {"target": {"username": "ben"}}
    assert answer["user"] == {"username": "ben", "viewerFollows": False, "followsViewer": True, "isFriend": False}
    assert left(api) == (1, 0, 1, 2)


async def test_rejecting_removes_the_follower_and_may_be_said_twice(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    await send(api, ben, ada)
    answer = await respond(api, ada, ben, accept=False)
    assert answer == {
        "user": {"username": "ben", "viewerFollows": False, "followsViewer": False, "isFriend": False},
        "followRequest": None,
        "deletedId": None,
        "viewer": {"friendRequests": {"nodes": []}, "user": {"friendsCount": 0}},
        "userErrors": [],
    }
    assert await respond(api, ada, ben, accept=False) == answer
    assert left(api) == (0, 0, 0, 0)


async def test_a_request_that_is_not_there_cannot_be_accepted(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ada, ben)
    before = left(api)
    answer = await respond(api, ada, ben, accept=True)
    assert (answer["user"], answer["userErrors"]) == (None, NOT_FOUND)
    assert left(api) == before


async def test_a_late_rejection_does_not_end_a_friendship(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    await send(api, ben, ada)
    await respond(api, ada, ben, accept=True)
    before = left(api)
    answer = await respond(api, ada, ben, accept=False)
    assert (answer["user"], answer["userErrors"]) == (None, NOT_FOUND)
    assert left(api) == before == (2, 1, 0, 4)


@pytest.mark.parametrize("accept", [True, False])
@pytest.mark.parametrize("state", ["blocking", "suspended", "nobody", "oneself"])
async def test_those_who_are_not_to_be_seen_are_neither_asked_nor_answered(api: Api, state: str, accept: bool) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ben, ada)  # as if the block had severed nothing
    other = {"nobody": 10**9, "oneself": ada}.get(state, ben)
    if state == "blocking":
        api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=ada)
    elif state == "suspended":
        api.factory.connection.execute("UPDATE users SET status = 'suspended' WHERE id = %s", [ben])
    before = left(api)
    expected = ONESELF if state == "oneself" else NOT_FOUND
    for answer in (await send(api, ada, other), await respond(api, ada, other, accept=accept)):
        assert (answer["user"], answer["viewer"], answer["userErrors"]) == (None, None, expected)
    assert left(api) == before
