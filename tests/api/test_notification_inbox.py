"""An inbox that is kept: by type, read as a whole, and emptied."""

from datetime import UTC, datetime, timedelta
from typing import Any

from api.gql.ids import encode
from api.resolvers.notifications import MOST_AT_ONCE
from tests.api.conftest import Api

LIST = """query ($types: [NotificationType!], $unread: Boolean! = false, $first: Int, $after: String) {
  viewer { notifications(types: $types, unreadOnly: $unread, first: $first, after: $after) {
    nodes { id type } pageInfo { hasNextPage endCursor } } } }"""
ALL = """mutation ($upTo: ID) { markAllNotificationsRead(input: {upToId: $upTo}) {
  readCount isComplete viewer { unreadNotificationCount } userErrors { code field } } }"""
DELETE = """mutation ($ids: [ID!]!) { deleteNotifications(input: {ids: $ids}) {
  deletedIds viewer { unreadNotificationCount } userErrors { code field } } }"""
START = datetime(2026, 1, 1, tzinfo=UTC)


def notification(api: Api, user: int, type_: str = "system", minute: int = 0, **values: object) -> str:
    given = {"type": type_, "title": "Hello", "created_at": START + timedelta(minutes=minute), **values}
    return encode("Notification", api.factory.insert("notifications", user_id=user, **given))


async def listed(api: Api, viewer: int, **given: Any) -> list[str]:
    found = (await api.run(LIST, viewer=viewer, **given))["viewer"]["notifications"]["nodes"]
    return [one["id"] for one in found]


async def marked(api: Api, viewer: int, up_to: str | None = None) -> tuple[Any, ...]:
    found = (await api.run(ALL, viewer=viewer, upTo=up_to))["markAllNotificationsRead"]
    unread = found["viewer"] and found["viewer"]["unreadNotificationCount"]
    return found["readCount"], found["isComplete"], unread, [(one["code"], one["field"]) for one in found["userErrors"]]


async def test_notifications_of_some_types_newest_first(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    follow = notification(api, ada, "follow", 1, actor_id=ben)
    system, read = notification(api, ada, "system", 2), notification(api, ada, "system", 3, is_read=True, read_at=START)
    friend = notification(api, ada, "friend_request", 4, actor_id=ben)
    notification(api, ben, "system", 5)
    assert await listed(api, ada, types=["SYSTEM"]) == [read, system]
    assert await listed(api, ada, types=["FOLLOW", "SYSTEM", "FOLLOW"]) == [read, system, follow]
    assert await listed(api, ada, types=["FOLLOW", "SYSTEM"], unread=True) == [system, follow]
    assert await listed(api, ada, types=["LIKE"]) == []
    everything: list[list[str] | None] = [None, []]
    for every in everything:
        assert await listed(api, ada, types=every) == [friend, read, system, follow]
    page = (await api.run(LIST, viewer=ada, types=["SYSTEM"], first=1))["viewer"]["notifications"]
    assert page["pageInfo"]["hasNextPage"]
    assert await listed(api, ada, types=["SYSTEM"], first=1, after=page["pageInfo"]["endCursor"]) == [system]
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ada, blocked_id=ben)
    assert await listed(api, ada, types=["FOLLOW", "FRIEND_REQUEST", "SYSTEM"]) == [read, system]


async def test_a_rare_type_is_found_behind_a_crowd_on_the_first_page(api: Api) -> None:
    ada = api.factory.user("ada")
    ben = api.factory.user("ben")
    follow = notification(api, ada, "follow", actor_id=ben)
    crowd = """INSERT INTO notifications (user_id, type, title, created_at)
      SELECT %s, 'system', 'x', %s::timestamptz + n * interval '1 s' FROM generate_series(1, 3000) AS n"""
    api.factory.connection.execute(crowd, [ada, START])
    assert await listed(api, ada, types=["FOLLOW"], first=1) == [follow]


async def test_all_are_marked_as_read_or_those_up_to_one(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    ids = [notification(api, ada, minute=minute) for minute in (1, 2, 2, 3)]
    of_ben = notification(api, ben)
    assert await marked(api, ada, ids[1]) == (2, True, 2, [])
    assert await listed(api, ada, unread=True) == [ids[3], ids[2]]
    for foreign in (of_ben, encode("Notification", 2**40)):
        assert await marked(api, ada, foreign) == (None, None, None, [("NOT_FOUND", ["input", "upToId"])])
    assert await marked(api, ada) == (2, True, 0, [])
    assert await marked(api, ada) == (0, True, 0, [])
    assert await listed(api, ben, unread=True) == [of_ben]


async def test_what_is_marked_keeps_when_it_was_read_before(api: Api) -> None:
    ada = api.factory.user("ada")
    notification(api, ada, is_read=True, read_at=START)
    await marked(api, ada)
    assert api.factory.scalar("SELECT read_at FROM notifications") == START


async def test_of_a_great_many_the_latest_are_marked_first(api: Api) -> None:
    ada = api.factory.user("ada")
    crowd = """INSERT INTO notifications (user_id, type, title, created_at)
      SELECT %s, 'system', 'x', %s::timestamptz + n * interval '1 s' FROM generate_series(1, %s) AS n"""
    api.factory.connection.execute(crowd, [ada, START, MOST_AT_ONCE + 1])
    assert await marked(api, ada) == (MOST_AT_ONCE, False, 1, [])
    assert api.factory.scalar("SELECT min(created_at) FROM notifications WHERE NOT is_read") == START + timedelta(
        seconds=1
    )
    assert await marked(api, ada) == (1, True, 0, [])


async def test_deleted_notifications_are_gone(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    first, second, of_ben = notification(api, ada), notification(api, ada), notification(api, ben)
    gone = encode("Notification", 2**40)
    answer = (await api.run(DELETE, viewer=ada, ids=[second, of_ben, gone, second]))["deleteNotifications"]
    assert answer == {"deletedIds": [second], "viewer": {"unreadNotificationCount": 1}, "userErrors": []}
    assert await listed(api, ada) == [first]
    assert await listed(api, ben) == [of_ben]
    for wrong in ([], [first] * 101):
        answer = (await api.run(DELETE, viewer=ada, ids=wrong))["deleteNotifications"]
        assert [one["code"] for one in answer["userErrors"]] == ["BAD_USER_INPUT"]
    assert (await api.fail(DELETE, ids=[first]))["extensions"]["code"] == "UNAUTHENTICATED"


async def test_an_act_notifies_again_after_its_notification_was_deleted(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = encode("Post", api.factory.post(ada))
    like = "mutation ($id: ID!) { likePost(input: {postId: $id}) { userErrors { code } } }"
    await api.run(like, viewer=ben, id=post)
    (first,) = await listed(api, ada)
    await api.run(DELETE, viewer=ada, ids=[first])
    await api.run(like, viewer=ben, id=post)
    assert await listed(api, ada) == []
    await api.run(like.replace("likePost", "unlikePost"), viewer=ben, id=post)
    await api.run(like, viewer=ben, id=post)
    (again,) = await listed(api, ada)
    assert again != first
