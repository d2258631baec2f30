"""Notifications of the viewer."""

from asyncio import Future
from functools import cache
from typing import ClassVar

from api.loaders.base import PageLoader, RowLoader
from db.queries import notifications as queries
from db.queries.notifications import CountRow, NotificationRow


class NotificationByIdLoader(RowLoader[NotificationRow]):
    def rows(self, keys: list[int]) -> Future[list[NotificationRow]]:
        return queries.notifications_by_ids(self.sight.database, self.sight.viewer_id, keys)


class NotificationsByUserIdLoader(PageLoader[NotificationRow]):
    def rows(self, keys: list[int]) -> Future[list[NotificationRow]]:
        return queries.notifications_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class UnreadNotificationsByUserIdLoader(PageLoader[NotificationRow]):
    def rows(self, keys: list[int]) -> Future[list[NotificationRow]]:
        return queries.unread_notifications_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class NotificationsOfTypesByUserIdLoader(PageLoader[NotificationRow]):
    """The viewer's notifications of some types; see `notifications_of_types`."""

    types: ClassVar[tuple[str, ...]] = ()
    unread_only: ClassVar[bool] = False

    def rows(self, keys: list[int]) -> Future[list[NotificationRow]]:
        return queries.notifications_of_types_by_user_ids(
            self.sight.database, self.sight.viewer_id, keys, self.window, self.types, unread_only=self.unread_only
        )


@cache
def notifications_of_types(types: tuple[str, ...], *, unread_only: bool) -> type[NotificationsOfTypesByUserIdLoader]:
    """The loader of these: a class of its own, since pages of one class and window are one. `types` are in order."""
    given = {"types": types, "unread_only": unread_only}
    return type("NotificationsOfTypesByUserIdLoader", (NotificationsOfTypesByUserIdLoader,), given)


class UnreadNotificationCountByUserIdLoader(RowLoader[CountRow]):
    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[CountRow]]:
        return queries.unread_notification_counts_by_user_ids(self.sight.database, self.sight.viewer_id, keys)
