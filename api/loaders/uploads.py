"""Files on their way."""

from asyncio import Future

from api.loaders.base import ListLoader, RowLoader
from db.queries import uploads as queries
from db.queries.uploads import UploadRow


class UploadByIdLoader(RowLoader[UploadRow]):
    def rows(self, keys: list[int]) -> Future[list[UploadRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return queries.uploads_by_ids(self.sight.database, self.sight.viewer_id, keys)


class UploadsByUserIdLoader(ListLoader[UploadRow]):
    """All uploads of the viewer that are no files yet, the newest first."""

    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[UploadRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return queries.uploads_by_user_ids(self.sight.database, self.sight.viewer_id, keys)
