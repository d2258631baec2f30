"""Notifications."""

from collections.abc import Iterable

from db.pool import Database
from db.queries import PageBounds, array
from db.rows import CountRow, IdRow, NotificationRow
from db.statements import load

_STATEMENTS = load("notifications")


async def notifications_of_viewer(database: Database, viewer: int, page: PageBounds) -> list[NotificationRow]:
    statement = _STATEMENTS["notifications_of_viewer"].towards(backward=page.backward)
    return await database.fetch(statement, NotificationRow, viewer=viewer, **page.parameters)


async def unread_notifications_of_viewer(database: Database, viewer: int, page: PageBounds) -> list[NotificationRow]:
    statement = _STATEMENTS["unread_notifications_of_viewer"].towards(backward=page.backward)
    return await database.fetch(statement, NotificationRow, viewer=viewer, **page.parameters)


async def notifications_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> list[NotificationRow]:
    return await database.fetch(_STATEMENTS["notifications_by_ids"], NotificationRow, viewer=viewer, ids=array(ids))


async def unread_notification_count(database: Database, viewer: int) -> CountRow | None:
    return await database.fetch_one(_STATEMENTS["unread_notification_count"], CountRow, viewer=viewer)


async def mark_notifications_read(database: Database, viewer: int, ids: Iterable[int]) -> list[IdRow]:
    return await database.fetch(_STATEMENTS["mark_notifications_read"], IdRow, viewer=viewer, ids=array(ids))


async def notify_follow(database: Database, viewer: int, user_id: int) -> None:
    await database.execute(_STATEMENTS["notify_follow"], viewer=viewer, user_id=user_id)


async def notify_like(database: Database, viewer: int, post_id: int) -> None:
    await database.execute(_STATEMENTS["notify_like"], viewer=viewer, post_id=post_id)


async def notify_comment(database: Database, comment_id: int) -> None:
    await database.execute(_STATEMENTS["notify_comment"], comment_id=comment_id)


async def notify_message(database: Database, message_id: int) -> None:
    await database.execute(_STATEMENTS["notify_message"], message_id=message_id)
