"""Requests to follow: made, answered and withdrawn, and what nobody sees before they are approved."""

from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api

FOLLOW = """
mutation ($id: ID!) { follow(input: {userId: $id}) {
  user { viewerFollows viewerFollowRequest { id } followersCount }
  followRequest { id requester { username } target { username } }
  deletedId
  userErrors { code field } } }
"""
UNFOLLOW = """
mutation ($id: ID!) { unfollow(input: {userId: $id}) {
  user { viewerFollows viewerFollowRequest { id } } deletedId userErrors { code } } }
"""
APPROVE = """
mutation ($id: ID!) { it: approveFollowRequest(input: {followRequestId: $id}) {
  deletedId user { username followsViewer isFriend followRequestToViewer { id } }
  followerEdge { cursor node { username } }
  viewer { followRequestCount user { followersCount } } userErrors { code field } } }
"""
REJECT = """
mutation ($id: ID!) { it: rejectFollowRequest(input: {followRequestId: $id}) {
  deletedId user { username followsViewer } viewer { followRequestCount } userErrors { code field } } }
"""
REQUESTS = """
{ viewer { followRequestCount
  followRequests { nodes { id requester { username } } }
  sentFollowRequests { nodes { id target { username } } } } }
"""
NOT_FOUND = [{"code": "NOT_FOUND", "field": ["input", "followRequestId"]}]


def cast(api: Api, visibility: str = "followers") -> tuple[int, int]:
    """Ada, whose profile is not public, and Ben, who wants to follow her."""
    return api.factory.user("ada", visibility=visibility), api.factory.user("ben")


async def follow(api: Api, viewer: int, other: int) -> dict[str, Any]:
    return (await api.run(FOLLOW, viewer=viewer, id=encode("User", other)))["follow"]


async def asked(api: Api, viewer: int, other: int) -> str:
    """The id of a new request."""
    return (await follow(api, viewer, other))["followRequest"]["id"]


def left(api: Api) -> tuple[int, int, list[tuple[int, str, bool]]]:
    """Requests, follows, and notifications: for whom, their title, whether they were read."""
    notifications = api.factory.connection.execute("SELECT user_id, title, is_read FROM notifications ORDER BY id")
    return (
        api.factory.scalar("SELECT count(*) FROM app.follow_requests"),
        api.factory.scalar("SELECT count(*) FROM user_follows"),
        notifications.fetchall(),
    )


@pytest.mark.parametrize("visibility", ["followers", "private"])
async def test_following_somebody_who_is_not_public_makes_one_request(api: Api, visibility: str) -> None:
    ada, ben = cast(api, visibility)
    first = await follow(api, ben, ada)
    request = first["followRequest"]["id"]
    assert first == {
        "user": {"viewerFollows": False, "viewerFollowRequest": {"id": request}, "followersCount": None},
        "followRequest": {"id": request, "requester": {"username": "ben"}, "target": {"username": "ada"}},
        "deletedId": None,
        "userErrors": [],
    }
    assert await follow(api, ben, ada) == first
    assert left(api) == (1, 0, [(ada, "New follow request", False)])
    assert (await api.run(REQUESTS, viewer=ada))["viewer"] == {
        "followRequestCount": 1,
        "followRequests": {"nodes": [{"id": request, "requester": {"username": "ben"}}]},
        "sentFollowRequests": {"nodes": []},
    }
    assert (await api.run(REQUESTS, viewer=ben))["viewer"] == {
        "followRequestCount": 0,
        "followRequests": {"nodes": []},
        "sentFollowRequests": {"nodes": [{"id": request, "target": {"username": "ada"}}]},
    }


async def test_nothing_for_followers_is_seen_before_the_approval(api: Api) -> None:
    ada, ben = cast(api)
    post = encode("Post", api.factory.post(ada, visibility="followers"))
    query = """query ($post: ID!) { post(id: $post) { id } homeFeed { nodes { id } }
      user(username: "ada") { profile { id } posts { nodes { id } } } }"""
    nothing: dict[str, Any] = {
        "post": None,
        "homeFeed": {"nodes": []},
        "user": {"profile": None, "posts": {"nodes": []}},
    }
    request = await asked(api, ben, ada)
    assert await api.run(query, viewer=ben, post=post) == nothing
    await api.run(APPROVE, viewer=ada, id=request)
    seen = {"nodes": [{"id": post}]}
    profile = {"id": encode("Profile", ada)}
    everything = {"post": {"id": post}, "homeFeed": seen, "user": {"profile": profile, "posts": seen}}
    assert await api.run(query, viewer=ben, post=post) == everything


async def test_an_approved_request_is_a_follow_and_its_notification_says_so(api: Api) -> None:
    ada, ben = cast(api)
    api.factory.follow(ada, ben)
    request = await asked(api, ben, ada)
    approved = (await api.run(APPROVE, viewer=ada, id=request))["it"]
    followers = "query { viewer { user { followers { edges { cursor } } } } }"
    (edge,) = (await api.run(followers, viewer=ada))["viewer"]["user"]["followers"]["edges"]
    assert approved == {
        "deletedId": request,
        "user": {"username": "ben", "followsViewer": True, "isFriend": True, "followRequestToViewer": None},
        "followerEdge": {"cursor": edge["cursor"], "node": {"username": "ben"}},
        "viewer": {"followRequestCount": 0, "user": {"followersCount": 1}},
        "userErrors": [],
    }
    assert left(api) == (0, 2, [(ada, "New follower", False), (ada, "New friend", False), (ben, "New friend", False)])


@pytest.mark.parametrize("answer", [APPROVE, REJECT])
async def test_a_request_is_answered_once_and_by_its_target_alone(api: Api, answer: str) -> None:
    ada, ben = cast(api)
    cleo = api.factory.user("cleo")
    request = await asked(api, ben, ada)
    before = left(api)
    for other in (ben, cleo):
        refused = (await api.run(answer, viewer=other, id=request))["it"]
        assert (refused["deletedId"], refused["user"], refused["userErrors"]) == (None, None, NOT_FOUND)
    assert left(api) == before
    assert (await api.run(answer, viewer=ada, id=request))["it"]["deletedId"] == request
    after = left(api)
    assert (await api.run(answer, viewer=ada, id=request))["it"]["userErrors"] == NOT_FOUND
    assert left(api) == after != before


async def test_a_rejected_request_and_its_notification_are_deleted(api: Api) -> None:
    ada, ben = cast(api)
    request = await asked(api, ben, ada)
    assert (await api.run(REJECT, viewer=ada, id=request))["it"] == {
        "deletedId": request,
        "user": {"username": "ben", "followsViewer": False},
        "viewer": {"followRequestCount": 0},
        "userErrors": [],
    }
    assert left(api) == (0, 0, [])
    assert await asked(api, ben, ada) != request
    assert left(api) == (1, 0, [(ada, "New follow request", False)])


async def test_unfollow_withdraws_a_request_and_its_notification(api: Api) -> None:
    ada, ben = cast(api)
    request = await asked(api, ben, ada)
    for deleted in (request, None):
        data = await api.run(UNFOLLOW, viewer=ben, id=encode("User", ada))
        user = {"viewerFollows": False, "viewerFollowRequest": None}
        assert data["unfollow"] == {"user": user, "deletedId": deleted, "userErrors": []}
        assert left(api) == (0, 0, [])


async def test_a_removed_follower_has_to_ask_again_and_that_is_notified(api: Api) -> None:
    ada, ben = cast(api)
    await api.run(APPROVE, viewer=ada, id=await asked(api, ben, ada))
    read = "mutation ($ids: [ID!]!) { markNotificationsRead(input: {ids: $ids}) { userErrors { code } } }"
    await api.run(
        read, viewer=ada, ids=[encode("Notification", api.factory.scalar("SELECT max(id) FROM notifications"))]
    )
    remove = "mutation ($id: ID!) { removeFollower(input: {userId: $id}) { user { followsViewer } } }"
    await api.run(remove, viewer=ada, id=encode("User", ben))
    assert left(api) == (0, 0, [])
    assert (await follow(api, ben, ada))["user"]["viewerFollows"] is False
    assert left(api) == (1, 0, [(ada, "New follow request", False)])


@pytest.mark.parametrize("blocks", ["ada", "ben"])
async def test_a_block_deletes_the_requests_of_both_and_their_notifications(api: Api, blocks: str) -> None:
    ada, ben = cast(api)
    api.factory.connection.execute("UPDATE user_profiles SET visibility = 'followers'")
    await asked(api, ben, ada)
    await asked(api, ada, ben)
    assert left(api)[0] == 2
    blocker, blocked = (ada, ben) if blocks == "ada" else (ben, ada)
    block = "mutation ($id: ID!) { blockUser(input: {userId: $id}) { userErrors { code } } }"
    unblock = "mutation ($id: ID!) { unblockUser(input: {userId: $id}) { userErrors { code } } }"
    await api.run(block, viewer=blocker, id=encode("User", blocked))
    assert left(api) == (0, 0, [])
    await api.run(unblock, viewer=blocker, id=encode("User", blocked))
    assert (await api.run(REQUESTS, viewer=ada))["viewer"]["followRequestCount"] == 0


async def test_followers_stay_as_a_profile_closes_and_requests_as_it_opens(api: Api) -> None:
    ada, ben = cast(api, "public")
    cleo = api.factory.user("cleo")
    assert (await follow(api, ben, ada))["followRequest"] is None
    change = (
        """mutation ($to: Visibility!) { updatePrivacy(input: {profileVisibility: $to}) { userErrors { code } } }"""
    )
    await api.run(change, viewer=ada, to="FOLLOWERS")
    again = await follow(api, ben, ada)
    assert (again["user"]["viewerFollows"], again["followRequest"]) == (True, None)
    request = await asked(api, cleo, ada)
    await api.run(change, viewer=ada, to="PUBLIC")
    assert left(api)[:2] == (1, 1)
    follows = await follow(api, cleo, ada)
    assert follows == {
        "user": {"viewerFollows": True, "viewerFollowRequest": None, "followersCount": 2},
        "followRequest": None,
        "deletedId": request,
        "userErrors": [],
    }
    assert left(api) == (0, 2, [(ada, "New follower", False), (ada, "New follower", False)])


async def test_requests_of_suspended_people_are_hidden_until_they_return(api: Api) -> None:
    ada, ben = cast(api)
    request = await asked(api, ben, ada)
    api.factory.connection.execute("UPDATE users SET status = 'suspended' WHERE id = %s", [ben])
    viewer = (await api.run(REQUESTS, viewer=ada))["viewer"]
    assert (viewer["followRequestCount"], viewer["followRequests"]["nodes"]) == (0, [])
    for answer in (APPROVE, REJECT):
        assert (await api.run(answer, viewer=ada, id=request))["it"]["userErrors"] == NOT_FOUND
    assert left(api)[:2] == (1, 0)
    api.factory.connection.execute("UPDATE users SET status = 'active' WHERE id = %s", [ben])
    assert (await api.run(APPROVE, viewer=ada, id=request))["it"]["userErrors"] == []
    assert left(api)[:2] == (0, 1)
