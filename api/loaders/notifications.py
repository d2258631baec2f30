"""Notifications of the viewer."""

from api.loaders.base import RowLoader
from db.queries import notifications as queries
from db.rows import NotificationRow


class NotificationByIdLoader(RowLoader[NotificationRow]):
    async def rows(self, keys: list[int]) -> list[NotificationRow]:
        return await queries.notifications_by_ids(self.sight.database, self.sight.viewer_id, keys)
