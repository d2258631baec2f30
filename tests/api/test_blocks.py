"""What a block hides, from whom, and what it leaves."""

from datetime import UTC, datetime

from api.gql.ids import encode
from db.maintenance import purges
from db.pool import Pool
from db.settings import DatabaseSettings
from tests.api.conftest import Api
from tests.api.privacy import LISTS, PLACES, crowd, verb


async def test_a_block_hides_both_from_each_other_and_ends_the_friendship(api: Api) -> None:
    ada, ben, post = crowd(api.factory)
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
            "feeds": [{"posts": {"nodes": [{"content": "Of Ben"}, {"content": "Of Cleo"}]}}] * 2,
        },
    }
    blocked = {"id": encode("BlockedUser", ben), "username": "ben"}
    for _ in range(2):
        assert await verb(api, "blockUser", ada, ben) == {"blocked": blocked, "userErrors": []}
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
            "feeds": [{"posts": {"nodes": [{"content": "Of Cleo"}]}}] * 2,
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
    ada, ben, post = crowd(api.factory)
    await verb(api, "blockUser", ada, ben)
    shown = {"username": "ben", "viewerFollows": False, "followsViewer": False, "isFriend": False}
    for _ in range(2):
        assert await verb(api, "unblockUser", ada, ben) == {"user": shown, "userErrors": []}
    assert api.factory.scalar("SELECT count(*) FROM app.user_blocks") == 0
    found = await api.run(PLACES, viewer=ada, post=encode("Post", post))
    assert found["viewer"]["unreadNotificationCount"] == 0  # those of the blocked are deleted
    assert found["homeFeed"]["nodes"] == [{"content": "Of Cleo"}]


async def test_who_is_blocked_may_block_and_neither_learns_it(api: Api) -> None:
    """Who is blocked finds nobody to block; a block of one's own stays listed whatever the other does."""
    ada, ben, *_ = api.factory.cast()
    await verb(api, "blockUser", ada, ben)
    refused = {"userErrors": [{"code": "NOT_FOUND", "field": ["input", "userId"]}]}
    assert await verb(api, "blockUser", ben, ada) == {"blocked": None, **refused}
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=ada)
    assert (await api.run(LISTS, viewer=ada))["viewer"]["blocked"]["nodes"][0]["username"] == "ben"
    assert await verb(api, "unblockUser", ada, ben) == {"user": None, "userErrors": []}
    assert await verb(api, "unblockUser", ada, ben) == {"user": None, **refused}
    assert api.factory.scalar("SELECT count(*) FROM app.user_blocks") == 1


async def test_in_a_group_a_blocked_member_neither_notifies_nor_reorders(api: Api) -> None:
    ada, ben, _ = crowd(api.factory)
    await verb(api, "blockUser", ada, ben)
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
    assert (await verb(api, "blockUser", ada, ben))["userErrors"] == []
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

    await verb(api, "blockUser", ada, ben)
    assert (await shown(ada), await shown(ben)) == ([], [])
    await verb(api, "unblockUser", ada, ben)
    assert (await shown(ada), await shown(ben)) == ([True], [False, True])
    await verb(api, "blockUser", ada, ben)
    pool = Pool(empty_database, DatabaseSettings.model_validate({"DATABASE_URL": empty_database}))
    await pool.open()
    async with pool.operation() as database:
        assert await purges.purge_notifications(database) == 3
    await pool.close()
    await verb(api, "unblockUser", ada, ben)
    assert (await shown(ada), await shown(ben)) == ([], [])


async def test_a_block_keeps_the_notifications_of_others(api: Api) -> None:
    ada, ben, cleo, *_ = api.factory.cast()
    for user in (ada, cleo):
        api.factory.insert("notifications", user_id=user, actor_id=ben, type="message", title="Hi")
    await verb(api, "blockUser", ada, ben)
    assert api.factory.scalar("SELECT array_agg(user_id) FROM notifications WHERE actor_id = %s", ben) == [cleo]


ON_POST = """query ($post: ID!, $comment: ID!) {
  post(id: $post) { comments { nodes { content } } reposts { nodes { comment } } }
  comment(id: $comment) { content }
  user(username: "cleo") { reposts { nodes { content } } }
}"""


async def test_nobody_stays_below_a_post_out_of_its_authors_reach(api: Api) -> None:
    """Whose words the author of the post cannot see and delete, nobody sees; when the block ends, the author can."""
    ada, ben, cleo, _ = api.factory.cast()
    post = api.factory.post(ada, "Of Ada")
    comment = encode("Comment", api.factory.comment(cleo, post, "Slander"))
    api.factory.insert("reposts", user_id=cleo, post_id=post, comment="Look at this")
    ids = {"post": encode("Post", post), "comment": comment}
    shown = {
        "post": {"comments": {"nodes": [{"content": "Slander"}]}, "reposts": {"nodes": [{"comment": "Look at this"}]}},
        "comment": {"content": "Slander"},
        "user": {"reposts": {"nodes": [{"content": "Of Ada"}]}},
    }
    hidden: dict[str, object] = {
        "post": {"comments": {"nodes": []}, "reposts": {"nodes": []}},
        "comment": None,
        "user": {"reposts": {"nodes": []}},
    }
    assert await api.run(ON_POST, viewer=ben, **ids) == shown
    for blocker, blocked in ((cleo, ada), (ada, cleo)):
        await verb(api, "blockUser", blocker, blocked)
        for viewer in (ben, None):
            assert await api.run(ON_POST, viewer=viewer, **ids) == hidden
        assert await api.run(ON_POST, viewer=ada, **ids) == hidden | {"user": None}
        await verb(api, "unblockUser", blocker, blocked)
        assert await api.run(ON_POST, viewer=ben, **ids) == shown
    delete = "mutation ($id: ID!) { deleteComment(input: { commentId: $id }) { deletedId } }"
    assert await api.run(delete, viewer=ada, id=comment) == {"deleteComment": {"deletedId": comment}}
