"""Blocks, mutes and what people let others see: what each does, what it leaves alone, and that it is undone."""

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.api.privacy import LISTS, PLACES, VERBS, crowd, pairs, verb

PRIVACY = """mutation ($input: UpdatePrivacyInput!) { updatePrivacy(input: $input) {
  privacy { profileVisibility allowMessagesFrom showFollowers discoverableInFeeds } userErrors { code } } }"""


@pytest.mark.parametrize("name", VERBS)
async def test_a_verb_for_those_who_are_not_there_changes_nothing(api: Api, name: str) -> None:
    ada, ben, *_ = api.factory.cast()
    gone = api.factory.user("gone", status="suspended")
    api.factory.follow(gone, ada)
    api.factory.insert("app.user_mutes", "muter_id", muter_id=ada, muted_id=gone)
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=ada)
    before = pairs(api)
    answers = [await verb(api, name, ada, user) for user in (gone, ben, 999)]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["userErrors"] == [{"code": "NOT_FOUND", "field": ["input", "userId"]}]
    assert pairs(api) == before
    if name in {"blockUser", "muteUser"}:
        assert (await verb(api, name, ada, ada))["userErrors"][0]["code"] == "BAD_USER_INPUT"


async def test_a_mute_thins_out_feeds_and_news_and_nothing_else(api: Api) -> None:
    ada, ben, post = crowd(api.factory)
    whole = await api.run(PLACES, viewer=ada, post=encode("Post", post))
    for _ in range(2):
        assert await verb(api, "muteUser", ada, ben) == {"user": {"username": "ben"}, "userErrors": []}
    assert (await api.run(LISTS, viewer=ada))["viewer"]["muted"]["nodes"] == [{"username": "ben"}]
    muted = await api.run(PLACES, viewer=ada, post=encode("Post", post))
    assert muted["homeFeed"]["nodes"] == muted["viewer"]["feeds"][1]["posts"]["nodes"] == [{"content": "Of Cleo"}]
    assert muted["viewer"]["unreadNotificationCount"] == 0
    for place in ("user", "post", "cleo"):
        assert muted[place] == whole[place]
    assert muted["viewer"]["conversations"] == whole["viewer"]["conversations"]
    for _ in range(2):
        assert await verb(api, "unmuteUser", ada, ben) == {"user": {"username": "ben"}, "userErrors": []}
    assert await api.run(PLACES, viewer=ada, post=encode("Post", post)) == whole


async def test_a_removed_follower_follows_no_more_and_may_again(api: Api) -> None:
    ada, ben, _ = crowd(api.factory)
    gone = {"username": "ben", "followsViewer": False, "isFriend": False}
    for _ in range(2):
        assert await verb(api, "removeFollower", ada, ben) == {"user": gone, "userErrors": []}
    assert api.factory.scalar("SELECT count(*) FROM friendships") == 0
    assert api.factory.scalar("SELECT count(*) FROM user_follows WHERE follower_id = %s", ada) == 2
    api.factory.follow(ben, ada)
    assert api.factory.scalar("SELECT count(*) FROM friendships") == 1


async def test_privacy_is_changed_one_by_one_and_what_is_left_out_stays(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ben, ada)
    steps: list[tuple[dict[str, object], dict[str, object]]] = [
        (
            {},
            {
                "profileVisibility": "PUBLIC",
                "allowMessagesFrom": "EVERYONE",
                "showFollowers": True,
                "discoverableInFeeds": True,
            },
        ),
        ({"allowMessagesFrom": "NOBODY"}, {"allowMessagesFrom": "NOBODY"}),
        ({"showFollowers": False}, {"showFollowers": False}),
        ({"discoverableInFeeds": False}, {"discoverableInFeeds": False}),
        ({"discoverableInFeeds": False}, {"discoverableInFeeds": False}),
        ({"profileVisibility": "PRIVATE", "allowMessagesFrom": None}, {"profileVisibility": "PRIVATE"}),
    ]
    expected: dict[str, object] = {}
    for given, changed in steps:
        expected |= changed
        data = await api.run(PRIVACY, viewer=ada, input=given)
        assert data["updatePrivacy"] == {"privacy": expected, "userErrors": []}
    asked = "{ viewer { privacy { profileVisibility allowMessagesFrom showFollowers discoverableInFeeds } } }"
    assert (await api.run(asked, viewer=ada))["viewer"]["privacy"] == expected
    assert (await api.run(asked, viewer=ben))["viewer"]["privacy"] == steps[0][1]
    seen = (
        '{ user(username: "ada") { profile { bio } followers { nodes { username } } friends { nodes { username } } } }'
    )
    assert (await api.run(seen, viewer=ben))["user"] == {
        "profile": None,
        "followers": {"nodes": []},
        "friends": {"nodes": []},
    }
    send = """mutation ($to: ID!) { sendMessage(input: {recipientId: $to, content: "Hi"}) { userErrors { code } } }"""
    data = await api.run(send, viewer=ben, to=encode("User", ada))
    assert data["sendMessage"]["userErrors"] == [{"code": "FORBIDDEN"}]


async def test_the_blocked_and_the_muted_are_paged_both_ways(api: Api) -> None:
    ada = api.factory.user("ada")
    others = [api.factory.user(f"other_{number}") for number in range(5)]
    for other in others:
        await verb(api, "muteUser", ada, other)
        await verb(api, "blockUser", ada, other)
        api.factory.connection.execute("UPDATE users SET status = 'active'")
    for field in ("blocked", "muted"):
        if field == "muted":
            api.factory.connection.execute("DELETE FROM app.user_blocks")
        whole = (await api.run(f"{{ viewer {{ {field} {{ nodes {{ username }} }} }} }}", viewer=ada))["viewer"][field]
        names = [node["username"] for node in whole["nodes"]]
        assert names == [f"other_{number}" for number in reversed(range(5))]
        for size, bound in (("first", "after"), ("last", "before")):
            query = f"""query ($at: String) {{ viewer {{ {field}({size}: 2, {bound}: $at) {{
              edges {{ cursor node {{ username }} }} }} }} }}"""
            walked: list[str] = []
            at: str | None = None
            for _ in range(3):
                edges = (await api.run(query, viewer=ada, at=at))["viewer"][field]["edges"]
                found = [edge["node"]["username"] for edge in edges]
                walked = walked + found if size == "first" else found + walked
                at = edges[-1 if size == "first" else 0]["cursor"]
            assert walked == names
