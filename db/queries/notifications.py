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
