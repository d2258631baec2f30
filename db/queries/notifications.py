"""Notifications."""

from asyncio import Future
from collections.abc import Iterable, Sequence
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


class PlaceRow(NamedTuple):
    id: int
    created_at: datetime


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


def notifications_of_types_by_user_ids(
    database: Database,
    viewer: int | None,
    ids: Iterable[int],
    page: PageBounds,
    types: Sequence[str],
    *,
    unread_only: bool,
) -> Future[list[NotificationRow]]:
    statement = _STATEMENTS["notifications_of_types_by_user_ids"].towards(backward=page.backward)
    given = {"ids": array(ids), "types": array(types), "unread_only": unread_only}
    return database.fetch(statement, NotificationRow, viewer=viewer, **given, **page.parameters)


def notifications_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[NotificationRow]]:
    return database.fetch(_STATEMENTS["notifications_by_ids"], NotificationRow, viewer=viewer, ids=array(ids))


def unread_notification_counts_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int]
) -> Future[list[CountRow]]:
    statement = _STATEMENTS["unread_notification_counts_by_user_ids"]
    return database.fetch(statement, CountRow, viewer=viewer, ids=array(ids))


def mark_notifications_read(database: Database, viewer: int, ids: Iterable[int]) -> Future[list[IdRow]]:
    return database.fetch(_STATEMENTS["mark_notifications_read"], IdRow, viewer=viewer, ids=array(ids))


async def place_of_notification(database: Database, viewer: int, notification_id: int) -> PlaceRow | None:
    statement = _STATEMENTS["place_of_notification"]
    found = await database.fetch(statement, PlaceRow, viewer=viewer, notification_id=notification_id)
    return found[0] if found else None


async def mark_all_notifications_read(database: Database, viewer: int, place: PlaceRow, limit: int) -> int:
    """How many were marked: the latest at this place or before it, and not more than `limit`."""
    statement = _STATEMENTS["mark_all_notifications_read"]
    given = {"created_at": place.created_at, "last_id": place.id, "limit": limit}
    return len(await database.fetch(statement, IdRow, viewer=viewer, **given))


def delete_notifications(database: Database, viewer: int, ids: Iterable[int]) -> Future[list[IdRow]]:
    return database.fetch(_STATEMENTS["delete_notifications"], IdRow, viewer=viewer, ids=array(ids))
