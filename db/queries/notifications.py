"""Notifications."""

from asyncio import Future
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, PageBounds, array
from db.statements import load


class NotificationRow(NamedTuple):
    id: int
    type: str
    actor_id: int | None
    post_id: int | None
    comment_id: int | None
    conversation_id: int | None
    title: str
    content: str | None
    action_url: str | None
    is_read: bool
    read_at: datetime | None
    created_at: datetime
    owner_id: int | None = None
    is_stop: bool = False


class CountRow(NamedTuple):
    user_id: int
    total: int


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


async def notify_mentions(database: Database, post_ids: Iterable[int]) -> None:
    await database.execute(_STATEMENTS["notify_mentions"], post_ids=array(post_ids))


async def renew_mentions(database: Database, post_id: int) -> None:
    """After a change of a published post: its notifications quote it as it is, and those it names now have one."""
    await database.execute(_STATEMENTS["delete_unread_mentions"], post_id=post_id)
    await database.execute(_STATEMENTS["requote_mentions"], post_id=post_id)
    await notify_mentions(database, [post_id])


async def notify_unpublished(database: Database, post_id: int, reason: str) -> None:
    await database.execute(_STATEMENTS["notify_unpublished"], post_id=post_id, reason=reason)


async def notify_comment(database: Database, comment_id: int) -> None:
    await database.execute(_STATEMENTS["notify_comment"], comment_id=comment_id)


async def delete_unread_like(database: Database, viewer: int, post_id: int) -> None:
    await database.execute(_STATEMENTS["delete_unread_like"], viewer=viewer, post_id=post_id)


async def notify_repost(database: Database, viewer: int, post_id: int) -> None:
    await database.execute(_STATEMENTS["notify_repost"], viewer=viewer, post_id=post_id)


async def delete_unread_repost(database: Database, viewer: int, post_id: int) -> None:
    await database.execute(_STATEMENTS["delete_unread_repost"], viewer=viewer, post_id=post_id)


async def notify_comment_like(database: Database, viewer: int, comment_id: int) -> None:
    await database.execute(_STATEMENTS["notify_comment_like"], viewer=viewer, comment_id=comment_id)


async def delete_unread_comment_like(database: Database, viewer: int, comment_id: int) -> None:
    await database.execute(_STATEMENTS["delete_unread_comment_like"], viewer=viewer, comment_id=comment_id)


async def requote_comment(database: Database, comment_id: int) -> None:
    await database.execute(_STATEMENTS["requote_comment"], comment_id=comment_id)


async def notify_message(database: Database, message_id: int) -> None:
    await database.execute(_STATEMENTS["notify_message"], message_id=message_id)
