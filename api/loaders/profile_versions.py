"""Drafts and earlier versions of profiles, which only their owner sees."""

from asyncio import Future

from api.loaders.base import ListLoader, RowLoader
from db.queries import profile_versions as queries
from db.queries.profile_versions import VersionDocumentsRow, VersionRow


class ProfileVersionByIdLoader(RowLoader[VersionRow]):
    def rows(self, keys: list[int]) -> Future[list[VersionRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return queries.profile_versions_by_ids(self.sight.database, self.sight.viewer_id, keys)


class ProfileVersionsByUserIdLoader(ListLoader[VersionRow]):
    """The published ones, the latest first; at most 50."""

    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[VersionRow]]:
        return queries.profile_versions_by_user_ids(self.sight.database, self.sight.viewer_id, keys)


class ProfileDraftByUserIdLoader(RowLoader[VersionRow]):
    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[VersionRow]]:
        return queries.profile_drafts_by_user_ids(self.sight.database, self.sight.viewer_id, keys)


class VersionDocumentsByIdLoader(RowLoader[VersionDocumentsRow]):
    def rows(self, keys: list[int]) -> Future[list[VersionDocumentsRow]]:
        return queries.version_documents_by_ids(self.sight.database, self.sight.viewer_id, keys)
