"""Users: profiles, follows and friendship."""

import asyncio

from api.gql.ids import encode
from tests.api.conftest import Api

FOLLOW = """
mutation ($id: ID!) { follow(input: {userId: $id}) {
  user { username viewerFollows followsViewer isFriend friends { nodes { username } } }
  userErrors { __typename code field } } }
"""
UNFOLLOW = """
mutation ($id: ID!) { unfollow(input: {userId: $id}) {
  user { viewerFollows followsViewer isFriend } userErrors { code } } }
"""


async def test_following_back_makes_friends_in_the_same_answer(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    first = await api.run(FOLLOW, viewer=ada, id=encode("User", ben))
    assert first["follow"]["user"]["isFriend"] is False
    second = await api.run(FOLLOW, viewer=ben, id=encode("User", ada))
    assert second["follow"] == {
        "user": {
            "username": "ada",
            "viewerFollows": True,
            "followsViewer": True,
            "isFriend": True,
            "friends": {"nodes": [{"username": "ben"}]},
        },
        "userErrors": [],
    }
    told = api.factory.connection.execute("SELECT user_id, type, actor_id FROM notifications ORDER BY id").fetchall()
    assert told == [
        (ben, "follow", ada),
        (ada, "follow", ben),
        (ada, "friend_request", ben),
        (ben, "friend_request", ada),
    ]


async def test_unfollowing_ends_the_friendship_and_refollowing_notifies_once(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ada, ben)
    await api.run(FOLLOW, viewer=ben, id=encode("User", ada))
    told = api.factory.scalar("SELECT count(*) FROM notifications")
    data = await api.run(UNFOLLOW, viewer=ben, id=encode("User", ada))
    assert data["unfollow"]["user"] == {"viewerFollows": False, "followsViewer": True, "isFriend": False}
    data = await api.run(FOLLOW, viewer=ben, id=encode("User", ada))
    assert data["follow"]["user"]["isFriend"] is True
    assert api.factory.scalar("SELECT count(*) FROM notifications") == told


async def test_two_who_follow_each_other_at_the_same_moment_are_friends(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    for user in (ada, ben):
        api.tokens[user] = api.factory.session(user)
    await asyncio.gather(
        api.run(FOLLOW, viewer=ada, id=encode("User", ben)), api.run(FOLLOW, viewer=ben, id=encode("User", ada))
    )
    assert api.factory.scalar("SELECT count(*) FROM friendships") == 1


async def test_nobody_follows_itself_nor_those_it_may_not_see(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    gone = api.factory.user("gone", status="suspended")
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=ada)
    for user, kind in ((ada, "InvalidInputError"), (gone, "NotFoundError"), (ben, "NotFoundError")):
        data = await api.run(FOLLOW, viewer=ada, id=encode("User", user))
        (error,) = data["follow"]["userErrors"]
        assert (error["__typename"], error["field"]) == (kind, ["input", "userId"])
    assert api.factory.scalar("SELECT count(*) FROM user_follows") == 0


async def test_a_name_finds_its_user_in_any_case_and_hidden_people_do_not_exist(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.user("gone", status="suspended")
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=ada)
    query = "query ($name: String!) { user(username: $name) { username } }"
    assert (await api.run(query, viewer=ada, name="CLEO"))["user"] == {"username": "cleo"}
    for name in ("gone", "ben", "nobody", "É"):
        assert (await api.run(query, viewer=ada, name=name))["user"] is None
    assert (await api.run(query, name="ben"))["user"] == {"username": "ben"}


async def test_a_profile_is_there_only_for_those_who_may_see_it(api: Api) -> None:
    ada = api.factory.user("ada")
    shy = api.factory.user("shy", visibility="private")
    close = api.factory.user("close_one", visibility="followers")
    query = "query ($name: String!) { user(username: $name) { username profile { displayName visibility } } }"
    assert (await api.run(query, viewer=ada, name="shy"))["user"] == {"username": "shy", "profile": None}
    assert (await api.run(query, viewer=shy, name="shy"))["user"]["profile"]["visibility"] == "PRIVATE"
    assert (await api.run(query, viewer=ada, name="close_one"))["user"]["profile"] is None
    api.factory.follow(ada, close)
    assert (await api.run(query, viewer=ada, name="close_one"))["user"]["profile"]["displayName"] == "Close_One"


async def test_hidden_followers_are_shown_to_their_owner_alone(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ben, ada)
    api.factory.insert("app.user_settings", "user_id", user_id=ada, show_followers=False)
    query = '{ user(username: "ada") { followers { nodes { username } } } }'
    assert (await api.run(query, viewer=ben))["user"]["followers"]["nodes"] == []
    assert (await api.run(query, viewer=ada))["user"]["followers"]["nodes"] == [{"username": "ben"}]


async def test_people_are_paged_from_both_columns_of_a_friendship(api: Api) -> None:
    low, middle, high = (api.factory.user(name) for name in ("low", "middle", "high"))
    for other in (high, low):
        api.factory.follow(middle, other)
        api.factory.follow(other, middle)
    query = """query ($after: String) { user(username: "middle") { friends(first: 1, after: $after) {
      nodes { username } pageInfo { hasNextPage endCursor } } } }"""
    first = (await api.run(query))["user"]["friends"]
    second = (await api.run(query, after=first["pageInfo"]["endCursor"]))["user"]["friends"]
    assert [page["nodes"] for page in (first, second)] == [[{"username": "low"}], [{"username": "high"}]]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second)] == [True, False]
