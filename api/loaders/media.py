"""Media files."""

from asyncio import Future
from functools import cache
from typing import ClassVar

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


class FilesByUserIdLoader(PageLoader[MediaRow]):
    """The viewer's files; see `files` for those of one type, or those that nothing uses."""

    type: ClassVar[str | None] = None
    unattached: ClassVar[bool] = False

    def rows(self, keys: list[int]) -> Future[list[MediaRow]]:
        only = {"type": self.type, "unattached": self.unattached}
        return queries.media_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window, only)


@cache
def files(type_: str | None, *, unattached: bool) -> type[FilesByUserIdLoader]:
    """The loader of these files: a class of its own, since pages of one class and window are one."""
    return type("FilesByUserIdLoader", (FilesByUserIdLoader,), {"type": type_, "unattached": unattached})


class StorageByUserIdLoader(RowLoader[StorageRow]):
    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[StorageRow]]:
        return queries.storage_by_user_ids(self.sight.database, self.sight.viewer_id, keys)
