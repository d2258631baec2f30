"""Notifications: listing, counting, reading."""

from api.ids import encode
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


async def test_what_belongs_to_somebody_else_leaves_all_of_them_unread(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    ids = [encode("Notification", _notification(api, user)) for user in (ada, ben)]
    marked = (await api.run(MARK, viewer=ada, ids=ids))["markNotificationsRead"]
    assert marked == {
        "notifications": [],
        "viewer": None,
        "userErrors": [{"code": "NOT_FOUND", "field": ["input", "ids"]}],
    }
    assert api.factory.scalar("SELECT count(*) FROM notifications WHERE is_read") == 0
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


async def test_a_notification_leads_to_what_it_is_about_and_only_to_what_may_be_seen(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    post = api.factory.post(ada)
    _notification(api, ada, type="like", actor_id=ben, post_id=post)
    hidden = api.factory.post(cleo, visibility="private")
    _notification(api, ada, type="mention", actor_id=cleo, post_id=hidden, is_read=True, read_at="now")
    query = """query ($unread: Boolean!) { viewer { notifications(unreadOnly: $unread) {
      nodes { type isRead actor { username } post { content } } } } }"""
    like = {"type": "LIKE", "isRead": False, "actor": {"username": "ben"}, "post": {"content": "Hello"}}
    mention = {"type": "MENTION", "isRead": True, "actor": {"username": "cleo"}, "post": None}
    assert (await api.run(query, viewer=ada, unread=False))["viewer"]["notifications"]["nodes"] == [mention, like]
    assert (await api.run(query, viewer=ada, unread=True))["viewer"]["notifications"]["nodes"] == [like]
