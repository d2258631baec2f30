"""Notifications."""

from asyncio import Future
from collections.abc import Iterable

from db.pool import Database
from db.queries import PageBounds, array
from db.rows import CountRow, IdRow, NotificationRow
from db.statements import load

_STATEMENTS = load("notifications")


def notifications_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[NotificationRow]]:
    statement = _STATEMENTS["notifications_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, NotificationRow, viewer=viewer, ids=array(ids), **page.parameters)


def unread_notifications_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[NotificationRow]]:
    statement = _STATEMENTS["unread_notifications_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, NotificationRow, viewer=viewer, ids=array(ids), **page.parameters)


def notifications_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[NotificationRow]]:
    return database.fetch(_STATEMENTS["notifications_by_ids"], NotificationRow, viewer=viewer, ids=array(ids))


def unread_notification_counts_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int]
) -> Future[list[CountRow]]:
    statement = _STATEMENTS["unread_notification_counts_by_user_ids"]
    return database.fetch(statement, CountRow, viewer=viewer, ids=array(ids))


def mark_notifications_read(database: Database, viewer: int, ids: Iterable[int]) -> Future[list[IdRow]]:
    return database.fetch(_STATEMENTS["mark_notifications_read"], IdRow, viewer=viewer, ids=array(ids))


async def delete_unread_notifications_by(database: Database, viewer: int, user_id: int) -> None:
    await database.execute(_STATEMENTS["delete_unread_notifications_by"], viewer=viewer, user_id=user_id)


async def notify_follow(database: Database, viewer: int, user_id: int) -> None:
    await database.execute(_STATEMENTS["notify_follow"], viewer=viewer, user_id=user_id)


async def notify_like(database: Database, viewer: int, post_id: int) -> None:
    await database.execute(_STATEMENTS["notify_like"], viewer=viewer, post_id=post_id)


async def notify_comment(database: Database, comment_id: int) -> None:
    await database.execute(_STATEMENTS["notify_comment"], comment_id=comment_id)


async def notify_message(database: Database, message_id: int) -> None:
    await database.execute(_STATEMENTS["notify_message"], message_id=message_id)
