"""Notifications: listing, counting, reading."""

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api

MARK = """
mutation ($ids: [ID!]!) { markNotificationsRead(input: {ids: $ids}) {
  notifications { id isRead readAt } viewer { unreadNotificationCount } userErrors { code field } } }
"""


def _notification(api: Api, user: int, **values: object) -> int:
    return api.factory.insert("notifications", user_id=user, **{"type": "system", "title": "Hello", **values})


async def test_reading_counts_down_in_the_same_answer_and_keeps_the_first_time(api: Api) -> None:
    ada = api.factory.user("ada")
    first, second = (_notification(api, ada) for _ in range(2))
    marked = (await api.run(MARK, viewer=ada, ids=[encode("Notification", first)]))["markNotificationsRead"]
    assert marked["viewer"] == {"unreadNotificationCount": 1}
    assert [found["isRead"] for found in marked["notifications"]] == [True]
    ids = [encode("Notification", key) for key in (second, first, second)]
    again = (await api.run(MARK, viewer=ada, ids=ids))["markNotificationsRead"]
    assert [found["id"] for found in again["notifications"]] == ids[:2]
    assert again["notifications"][1]["readAt"] == marked["notifications"][0]["readAt"]
    assert again["viewer"] == {"unreadNotificationCount": 0}


async def test_what_is_not_the_viewers_or_is_gone_is_left_out(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    first, of_ben, gone, last = (_notification(api, user) for user in (ada, ben, ada, ada))
    api.factory.connection.execute("DELETE FROM notifications WHERE id = %s", [gone])
    ids = [encode("Notification", key) for key in (last, of_ben, gone, first)]
    marked = (await api.run(MARK, viewer=ada, ids=ids))["markNotificationsRead"]
    assert [found["id"] for found in marked["notifications"]] == [ids[0], ids[3]]
    assert (marked["viewer"], marked["userErrors"]) == ({"unreadNotificationCount": 0}, [])
    read = api.factory.connection.execute("SELECT id FROM notifications WHERE is_read ORDER BY id").fetchall()
    assert read == [(first,), (last,)]
    for ids in ([], [encode("Notification", 1)] * 101):
        data = await api.run(MARK, viewer=ada, ids=ids)
        assert data["markNotificationsRead"]["userErrors"][0]["code"] == "BAD_USER_INPUT"


async def test_the_unread_count_stops_at_one_hundred(api: Api) -> None:
    ada = api.factory.user("ada")
    for _ in range(103):
        _notification(api, ada)
    assert (await api.run("{ viewer { unreadNotificationCount } }", viewer=ada)) == {
        "viewer": {"unreadNotificationCount": 100}
    }


FIELDS = "{ type isRead actor { username } post { content } comment { content } conversation { title } }"
LISTED = f"query ($unread: Boolean!) {{ viewer {{ notifications(unreadOnly: $unread) {{ nodes {FIELDS} }} }} }}"


async def test_a_notification_leads_to_what_it_is_about(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    post = api.factory.post(ada)
    _notification(api, ada, type="like", actor_id=ben, post_id=post)
    mention = {"type": "mention", "actor_id": cleo, "post_id": api.factory.post(cleo, "Ada!")}
    _notification(api, ada, **mention, is_read=True, read_at="now")
    nothing = {"comment": None, "conversation": None}
    like = {"type": "LIKE", "isRead": False, "actor": {"username": "ben"}, "post": {"content": "Hello"}, **nothing}
    read = {"type": "MENTION", "isRead": True, "actor": {"username": "cleo"}, "post": {"content": "Ada!"}, **nothing}
    assert (await api.run(LISTED, viewer=ada, unread=False))["viewer"]["notifications"]["nodes"] == [read, like]
    assert (await api.run(LISTED, viewer=ada, unread=True))["viewer"]["notifications"]["nodes"] == [like]


BLOCK = "INSERT INTO app.user_blocks (blocker_id, blocked_id) SELECT one.id, other.id FROM users one, users other"
MUTE = "INSERT INTO app.user_mutes (muter_id, muted_id) SELECT one.id, other.id FROM users one, users other"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET status = 'suspended' WHERE username = 'ben'",
        "DELETE FROM users WHERE username = 'ben'",
        "UPDATE user_profiles SET visibility = 'private' WHERE user_id = (SELECT id FROM users WHERE username = 'ben')",
        "UPDATE posts SET status = 'deleted'",
        "UPDATE comments SET deleted_at = now()",
        "UPDATE app.conversation_members SET left_at = now()",
        f"{BLOCK} WHERE one.username = 'ada' AND other.username = 'ben'",
        f"{BLOCK} WHERE one.username = 'ben' AND other.username = 'ada'",
        f"{MUTE} WHERE one.username = 'ada' AND other.username = 'ben'",
    ],
)
async def test_what_a_notification_quotes_is_seen_no_longer_than_its_source(api: Api, change: str) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ben)
    talk = api.factory.insert("conversations", kind="direct", participant_ids=[ada, ben])
    api.factory.insert("app.conversation_members", "user_id", conversation_id=talk, user_id=ada)
    about = {"post_id": post, "comment_id": api.factory.comment(ben, post), "conversation_id": talk}
    key = _notification(api, ada, type="comment", actor_id=ben, content="Nice", **about)
    query = (
        "query ($id: ID!) { node(id: $id) { id } viewer { unreadNotificationCount notifications { nodes { id } } } }"
    )
    given = {"id": encode("Notification", key)}
    shown = {"unreadNotificationCount": 1, "notifications": {"nodes": [given]}}
    assert await api.run(query, viewer=ada, **given) == {"node": given, "viewer": shown}
    api.factory.connection.execute(change.encode())
    after = await api.run(query, viewer=ada, **given)
    assert after == {"node": None, "viewer": {"unreadNotificationCount": 0, "notifications": {"nodes": []}}}
    marked = (await api.run(MARK, viewer=ada, ids=[given["id"]]))["markNotificationsRead"]
    assert (marked["notifications"], marked["userErrors"]) == ([], [])
    assert api.factory.scalar("SELECT count(*) FROM notifications WHERE is_read") == 0
