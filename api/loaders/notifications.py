"""Notifications of the viewer."""

from api.loaders.base import PageLoader, RowLoader
from db.queries import notifications as queries
from db.rows import CountRow, NotificationRow


class NotificationByIdLoader(RowLoader[NotificationRow]):
    async def rows(self, keys: list[int]) -> list[NotificationRow]:
        return await queries.notifications_by_ids(self.sight.database, self.sight.viewer_id, keys)


class NotificationsByUserIdLoader(PageLoader[NotificationRow]):
    async def rows(self, keys: list[int]) -> list[NotificationRow]:
        return await queries.notifications_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class UnreadNotificationsByUserIdLoader(PageLoader[NotificationRow]):
    async def rows(self, keys: list[int]) -> list[NotificationRow]:
        return await queries.unread_notifications_by_user_ids(
            self.sight.database, self.sight.viewer_id, keys, self.window
        )


class UnreadNotificationCountByUserIdLoader(RowLoader[CountRow]):
    key = "user_id"

    async def rows(self, keys: list[int]) -> list[CountRow]:
        return await queries.unread_notification_counts_by_user_ids(self.sight.database, self.sight.viewer_id, keys)
