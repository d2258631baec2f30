"""Media files."""

from api.loaders.base import ListLoader, PageLoader, RowLoader
from db.queries import media as queries
from db.rows import MediaRow, StorageRow


class MediaByIdLoader(RowLoader[MediaRow]):
    async def rows(self, keys: list[int]) -> list[MediaRow]:
        return await queries.media_by_ids(self.sight.database, self.sight.viewer_id, keys)


class MediaByPostIdLoader(ListLoader[MediaRow]):
    key = "post_id"

    async def rows(self, keys: list[int]) -> list[MediaRow]:
        return await queries.media_by_post_ids(self.sight.database, keys)


class ImagesByUserIdLoader(PageLoader[MediaRow]):
    async def rows(self, keys: list[int]) -> list[MediaRow]:
        return await queries.images_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class StorageByUserIdLoader(RowLoader[StorageRow]):
    key = "user_id"

    async def rows(self, keys: list[int]) -> list[StorageRow]:
        return await queries.storage_by_user_ids(self.sight.database, keys)
