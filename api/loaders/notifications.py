"""Notifications of the viewer."""

from asyncio import Future

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


class UnreadNotificationCountByUserIdLoader(RowLoader[CountRow]):
    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[CountRow]]:
        return queries.unread_notification_counts_by_user_ids(self.sight.database, self.sight.viewer_id, keys)
