"""Profiles, their sections and lists."""

from asyncio import Future

from api.loaders.base import ListLoader, RowLoader
from db.queries import profiles as queries
from db.queries.profiles import ProfileDocumentsRow, SectionContentRow, SectionRow


class ProfileDocumentsByUserIdLoader(RowLoader[ProfileDocumentsRow]):
    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[ProfileDocumentsRow]]:
        return queries.profile_documents_by_user_ids(self.sight.database, self.sight.viewer_id, keys)


class SectionByIdLoader(RowLoader[SectionRow]):
    def rows(self, keys: list[int]) -> Future[list[SectionRow]]:
        return queries.sections_by_ids(self.sight.database, self.sight.viewer_id, keys)


class SectionsByUserIdLoader(ListLoader[SectionRow]):
    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[SectionRow]]:
        return queries.sections_by_user_ids(self.sight.database, self.sight.viewer_id, keys)


class ContentBySectionIdLoader(ListLoader[SectionContentRow]):
    key = "section_id"

    def rows(self, keys: list[int]) -> Future[list[SectionContentRow]]:
        return queries.content_by_section_ids(self.sight.database, keys)


class ContentByIdLoader(RowLoader[SectionContentRow]):
    def rows(self, keys: list[int]) -> Future[list[SectionContentRow]]:
        return queries.content_by_ids(self.sight.database, self.sight.viewer_id, keys)
