"""Media files."""

from asyncio import Future

from api.loaders.base import ListLoader, PageLoader, RowLoader
from db.queries import media as queries
from db.queries.media import MediaRow, StorageRow


class MediaByIdLoader(RowLoader[MediaRow]):
    def rows(self, keys: list[int]) -> Future[list[MediaRow]]:
        return queries.media_by_ids(self.sight.database, self.sight.viewer_id, keys)


class MediaByPostIdLoader(ListLoader[MediaRow]):
    key = "post_id"

    def rows(self, keys: list[int]) -> Future[list[MediaRow]]:
        return queries.media_by_post_ids(self.sight.database, keys)


class ImagesByUserIdLoader(PageLoader[MediaRow]):
    def rows(self, keys: list[int]) -> Future[list[MediaRow]]:
        return queries.images_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class StorageByUserIdLoader(RowLoader[StorageRow]):
    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[StorageRow]]:
        return queries.storage_by_user_ids(self.sight.database, self.sight.viewer_id, keys)
