"""Blocks, mutes and what people let others see: what each does, what it leaves alone, and that it is undone."""

from datetime import UTC, datetime
from typing import Any

import pytest

from api.ids import encode
from db import jobs
from db.pool import Pool
from db.settings import DatabaseSettings
from tests.api.conftest import Api
from tests.factories import Factory

VERBS = {
    "blockUser": "blocked { id username }",
    "unblockUser": "user { username viewerFollows followsViewer isFriend }",
    "muteUser": "user { username }",
    "unmuteUser": "user { username }",
    "removeFollower": "user { username followsViewer isFriend }",
}
LISTS = "{ viewer { blocked { nodes { id username } } muted { nodes { username } } } }"
PRIVACY = """mutation ($input: UpdatePrivacyInput!) { updatePrivacy(input: $input) {
  privacy { profileVisibility allowMessagesFrom showFollowers } userErrors { code } } }"""
# Everywhere that Ben, who is in all of it, could be met by Ada.
PLACES = """query ($post: ID!) {
  user(username: "ben") { username }
  homeFeed { nodes { content } }
  post(id: $post) { likers { nodes { username } } comments { nodes { content replies { nodes { content } } } } }
  cleo: user(username: "cleo") { followers { nodes { username } } reposts { nodes { content } } }
  viewer { unreadNotificationCount notifications { nodes { type } }
    conversations { nodes { participants { username } messages { nodes { content } } unreadCount } }
    feeds { posts { nodes { content } } } } }"""


async def _verb(api: Api, name: str, viewer: int, user: int) -> dict[str, Any]:
    query = f"mutation ($id: ID!) {{ {name}(input: {{userId: $id}}) {{ {VERBS[name]} userErrors {{ code field }} }} }}"
    return (await api.run(query, viewer=viewer, id=encode("User", user)))[name]


def _pairs(api: Api) -> list[tuple[object, ...]]:
    """All blocks, mutes and follows."""
    tables = b"TABLE app.user_blocks UNION ALL TABLE app.user_mutes UNION ALL TABLE user_follows"
    return sorted(api.factory.connection.execute(tables).fetchall())


def _crowd(make: Factory) -> tuple[int, int, int]:
    """Ada and Ben are friends, and meet on a post of Cleo's, in a group of three and in Ada's feeds."""
    ada, ben, cleo, _ = make.cast()
    for one, other in ((ada, ben), (ben, ada), (ada, cleo), (ben, cleo)):
        make.follow(one, other)
    post = make.post(cleo, "Of Cleo")
    asked = make.comment(ada, post, "Asked")
    make.comment(ben, post, "Answered", parent_comment_id=asked)
    make.comment(ben, post, "Said")
    make.like(ben, post)
    bens = make.post(ben, "Of Ben")
    make.insert("reposts", user_id=cleo, post_id=bens)
    group = make.insert("conversations", kind="group", participant_ids=[ada, ben, cleo], title="Three")
    for member in (ada, ben, cleo):
        make.insert("app.conversation_members", "user_id", conversation_id=group, user_id=member)
    for sender, content in ((cleo, "Hello"), (ben, "Hi")):
        make.insert("messages", conversation_id=group, sender_id=sender, content=content)
    make.insert("notifications", user_id=ada, type="follow", actor_id=ben, title="New follower")
    make.insert("custom_feeds", user_id=ada, name="All")
    return ada, ben, post


async def test_a_block_hides_each_from_the_other_everywhere_and_ends_the_friendship(api: Api) -> None:
    ada, ben, post = _crowd(api.factory)
    before = await api.run(PLACES, viewer=ada, post=encode("Post", post))
    assert before == {
        "user": {"username": "ben"},
        "homeFeed": {"nodes": [{"content": "Of Ben"}, {"content": "Of Cleo"}]},
        "post": {
            "likers": {"nodes": [{"username": "ben"}]},
            "comments": {
                "nodes": [
                    {"content": "Said", "replies": {"nodes": []}},
                    {"content": "Asked", "replies": {"nodes": [{"content": "Answered"}]}},
                ]
            },
        },
        "cleo": {
            "followers": {"nodes": [{"username": "ben"}, {"username": "ada"}]},
            "reposts": {"nodes": [{"content": "Of Ben"}]},
        },
        "viewer": {
            "unreadNotificationCount": 1,
            "notifications": {"nodes": [{"type": "FOLLOW"}]},
            "conversations": {
                "nodes": [
                    {
                        "participants": [{"username": "ada"}, {"username": "ben"}, {"username": "cleo"}],
                        "messages": {"nodes": [{"content": "Hi"}, {"content": "Hello"}]},
                        "unreadCount": 2,
                    }
                ]
            },
            "feeds": [{"posts": {"nodes": [{"content": "Of Ben"}, {"content": "Of Cleo"}]}}],
        },
    }
    blocked = {"id": encode("User", ben), "username": "ben"}
    for _ in range(2):
        assert await _verb(api, "blockUser", ada, ben) == {"blocked": blocked, "userErrors": []}
    assert api.factory.scalar("SELECT count(*) FROM app.user_blocks") == 1
    assert api.factory.scalar("SELECT count(*) FROM user_follows") == 2
    assert api.factory.scalar("SELECT count(*) FROM friendships") == 0
    after = await api.run(PLACES, viewer=ada, post=encode("Post", post))
    assert after == {
        "user": None,
        "homeFeed": {"nodes": [{"content": "Of Cleo"}]},
        "post": {
            "likers": {"nodes": []},
            "comments": {"nodes": [{"content": "Asked", "replies": {"nodes": []}}]},
        },
        "cleo": {"followers": {"nodes": [{"username": "ada"}]}, "reposts": {"nodes": []}},
        "viewer": {
            "unreadNotificationCount": 0,
            "notifications": {"nodes": []},
            "conversations": {
                "nodes": [
                    {
                        "participants": [{"username": "ada"}, {"username": "cleo"}],
                        "messages": {"nodes": [{"content": "Hello"}]},
                        "unreadCount": 1,
                    }
                ]
            },
            "feeds": [{"posts": {"nodes": [{"content": "Of Cleo"}]}}],
        },
    }
    query = 'query { user(username: "ada") { id } viewer { conversations { nodes { participants { username } } } } }'
    assert await api.run(query, viewer=ben) == {
        "user": None,
        "viewer": {"conversations": {"nodes": [{"participants": [{"username": "ben"}, {"username": "cleo"}]}]}},
    }
    assert (await api.run(LISTS, viewer=ada))["viewer"]["blocked"]["nodes"] == [blocked]
    assert (await api.run(LISTS, viewer=ben))["viewer"]["blocked"]["nodes"] == []


async def test_unblocking_shows_what_was_hidden_and_brings_no_follow_back(api: Api) -> None:
    ada, ben, post = _crowd(api.factory)
    await _verb(api, "blockUser", ada, ben)
    shown = {"username": "ben", "viewerFollows": False, "followsViewer": False, "isFriend": False}
    for _ in range(2):
        assert await _verb(api, "unblockUser", ada, ben) == {"user": shown, "userErrors": []}
    assert api.factory.scalar("SELECT count(*) FROM app.user_blocks") == 0
    found = await api.run(PLACES, viewer=ada, post=encode("Post", post))
    assert found["viewer"]["unreadNotificationCount"] == 0  # those of the blocked are deleted
    assert found["homeFeed"]["nodes"] == [{"content": "Of Cleo"}]


async def test_who_is_blocked_may_block_and_neither_learns_it(api: Api) -> None:
    """Who is blocked finds nobody to block; a block of one's own stays listed whatever the other does."""
    ada, ben, *_ = api.factory.cast()
    await _verb(api, "blockUser", ada, ben)
    refused = {"userErrors": [{"code": "NOT_FOUND", "field": ["input", "userId"]}]}
    assert await _verb(api, "blockUser", ben, ada) == {"blocked": None, **refused}
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=ada)
    assert (await api.run(LISTS, viewer=ada))["viewer"]["blocked"]["nodes"][0]["username"] == "ben"
    assert await _verb(api, "unblockUser", ada, ben) == {"user": None, "userErrors": []}
    assert await _verb(api, "unblockUser", ada, ben) == {"user": None, **refused}
    assert api.factory.scalar("SELECT count(*) FROM app.user_blocks") == 1


@pytest.mark.parametrize("verb", VERBS)
async def test_a_verb_for_those_who_are_not_there_changes_nothing(api: Api, verb: str) -> None:
    ada, ben, *_ = api.factory.cast()
    gone = api.factory.user("gone", status="suspended")
    api.factory.follow(gone, ada)
    api.factory.insert("app.user_mutes", "muter_id", muter_id=ada, muted_id=gone)
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=ada)
    before = _pairs(api)
    answers = [await _verb(api, verb, ada, user) for user in (gone, ben, 999)]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["userErrors"] == [{"code": "NOT_FOUND", "field": ["input", "userId"]}]
    assert _pairs(api) == before
    if verb in {"blockUser", "muteUser"}:
        assert (await _verb(api, verb, ada, ada))["userErrors"][0]["code"] == "BAD_USER_INPUT"


async def test_a_mute_thins_out_feeds_and_news_and_nothing_else(api: Api) -> None:
    ada, ben, post = _crowd(api.factory)
    whole = await api.run(PLACES, viewer=ada, post=encode("Post", post))
    for _ in range(2):
        assert await _verb(api, "muteUser", ada, ben) == {"user": {"username": "ben"}, "userErrors": []}
    assert (await api.run(LISTS, viewer=ada))["viewer"]["muted"]["nodes"] == [{"username": "ben"}]
    muted = await api.run(PLACES, viewer=ada, post=encode("Post", post))
    assert muted["homeFeed"]["nodes"] == muted["viewer"]["feeds"][0]["posts"]["nodes"] == [{"content": "Of Cleo"}]
    assert muted["viewer"]["unreadNotificationCount"] == 0
    for place in ("user", "post", "cleo"):
        assert muted[place] == whole[place]
    assert muted["viewer"]["conversations"] == whole["viewer"]["conversations"]
    for _ in range(2):
        assert await _verb(api, "unmuteUser", ada, ben) == {"user": {"username": "ben"}, "userErrors": []}
    assert await api.run(PLACES, viewer=ada, post=encode("Post", post)) == whole


async def test_a_removed_follower_follows_no_more_and_may_again(api: Api) -> None:
    ada, ben, _ = _crowd(api.factory)
    gone = {"username": "ben", "followsViewer": False, "isFriend": False}
    for _ in range(2):
        assert await _verb(api, "removeFollower", ada, ben) == {"user": gone, "userErrors": []}
    assert api.factory.scalar("SELECT count(*) FROM friendships") == 0
    assert api.factory.scalar("SELECT count(*) FROM user_follows WHERE follower_id = %s", ada) == 2
    api.factory.follow(ben, ada)
    assert api.factory.scalar("SELECT count(*) FROM friendships") == 1


async def test_privacy_is_changed_one_by_one_and_what_is_left_out_stays(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ben, ada)
    steps: list[tuple[dict[str, object], dict[str, object]]] = [
        ({}, {"profileVisibility": "PUBLIC", "allowMessagesFrom": "EVERYONE", "showFollowers": True}),
        ({"allowMessagesFrom": "NOBODY"}, {"allowMessagesFrom": "NOBODY"}),
        ({"showFollowers": False}, {"showFollowers": False}),
        ({"profileVisibility": "PRIVATE", "allowMessagesFrom": None}, {"profileVisibility": "PRIVATE"}),
    ]
    expected: dict[str, object] = {}
    for given, changed in steps:
        expected |= changed
        data = await api.run(PRIVACY, viewer=ada, input=given)
        assert data["updatePrivacy"] == {"privacy": expected, "userErrors": []}
    asked = "{ viewer { privacy { profileVisibility allowMessagesFrom showFollowers } } }"
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
        await _verb(api, "muteUser", ada, other)
        await _verb(api, "blockUser", ada, other)
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


async def test_in_a_group_who_is_blocked_neither_notifies_nor_moves_the_conversation(api: Api) -> None:
    ada, ben, _ = _crowd(api.factory)
    await _verb(api, "blockUser", ada, ben)
    moved = (
        "SELECT user_id FROM app.conversation_members WHERE last_message_at = (SELECT max(created_at) FROM messages)"
    )
    told = "SELECT count(*) FROM notifications WHERE type = 'message' AND user_id = %s"
    group = encode("Conversation", api.factory.scalar("SELECT id FROM conversations"))
    send = """mutation ($id: ID!) { sendMessage(input: {conversationId: $id, content: "Psst" }) {
      message { id } userErrors { code } } }"""
    sent = (await api.run(send, viewer=ben, id=group))["sendMessage"]
    assert sent["userErrors"] == []
    cleo = api.user("cleo")
    assert sorted(row[0] for row in api.factory.connection.execute(moved.encode())) == [ben, cleo]
    assert (api.factory.scalar(told, ada), api.factory.scalar(told, cleo)) == (0, 1)
    query = "query ($id: ID!) { node(id: $id) { id } }"
    assert await api.run(query, viewer=ada, id=sent["message"]["id"]) == {"node": None}


async def test_the_badge_is_right_behind_hundreds_from_somebody_blocked(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    for actor, number in ((cleo, 3), (ben, 600)):
        api.factory.connection.execute(
            "INSERT INTO notifications (user_id, actor_id, type, title, created_at)"
            " SELECT %s, %s, 'message', 'Hi', now() + %s * interval '1 second' FROM generate_series(1, %s)",
            (ada, actor, number, number),
        )
    badge = "{ viewer { unreadNotificationCount } }"
    assert (await api.run(badge, viewer=ada))["viewer"] == {"unreadNotificationCount": 100}
    assert (await _verb(api, "blockUser", ada, ben))["userErrors"] == []
    assert (await api.run(badge, viewer=ada))["viewer"] == {"unreadNotificationCount": 3}
    assert api.factory.scalar("SELECT count(*) FROM notifications WHERE actor_id = %s", ben) == 0


async def test_notifications_across_a_block_return_until_the_job_deletes_them(api: Api, empty_database: str) -> None:
    ada, ben, *_ = api.factory.cast()
    both = ((ada, ben, True), (ada, ben, False), (ben, ada, True), (ben, ada, False))
    for user, actor, is_read in both:
        api.factory.insert(
            "notifications", user_id=user, actor_id=actor, type="message", title="Hi", is_read=is_read,
            read_at=datetime.now(UTC) if is_read else None,
        )  # fmt: skip
    query = "{ viewer { notifications { nodes { isRead } } } }"

    async def shown(viewer: int) -> list[bool]:
        nodes = (await api.run(query, viewer=viewer))["viewer"]["notifications"]["nodes"]
        return sorted(node["isRead"] for node in nodes)

    await _verb(api, "blockUser", ada, ben)
    assert (await shown(ada), await shown(ben)) == ([], [])
    await _verb(api, "unblockUser", ada, ben)
    assert (await shown(ada), await shown(ben)) == ([True], [False, True])
    await _verb(api, "blockUser", ada, ben)
    pool = Pool(empty_database, DatabaseSettings.model_validate({"DATABASE_URL": empty_database}))
    await pool.open()
    async with pool.operation() as database:
        assert await jobs.purge_notifications(database) == 3
    await pool.close()
    await _verb(api, "unblockUser", ada, ben)
    assert (await shown(ada), await shown(ben)) == ([], [])


async def test_a_block_deletes_nothing_that_others_were_told(api: Api) -> None:
    ada, ben, cleo, *_ = api.factory.cast()
    for user in (ada, cleo):
        api.factory.insert("notifications", user_id=user, actor_id=ben, type="message", title="Hi")
    await _verb(api, "blockUser", ada, ben)
    assert api.factory.scalar("SELECT array_agg(user_id) FROM notifications WHERE actor_id = %s", ben) == [cleo]
