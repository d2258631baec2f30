"""Profiles, their sections and lists."""

from api.loaders.base import ListLoader, PageLoader, RowLoader
from db.queries import profiles as queries
from db.rows import LinkRow, ProfileDocumentsRow, SectionContentRow, SectionRow


class ProfileDocumentsByUserIdLoader(RowLoader[ProfileDocumentsRow]):
    key = "user_id"

    async def rows(self, keys: list[int]) -> list[ProfileDocumentsRow]:
        return await queries.profile_documents_by_user_ids(self.sight.database, self.sight.viewer_id, keys)


class SectionByIdLoader(RowLoader[SectionRow]):
    async def rows(self, keys: list[int]) -> list[SectionRow]:
        return await queries.sections_by_ids(self.sight.database, self.sight.viewer_id, keys)


class SectionsByUserIdLoader(ListLoader[SectionRow]):
    key = "user_id"

    async def rows(self, keys: list[int]) -> list[SectionRow]:
        return await queries.sections_by_user_ids(self.sight.database, self.sight.viewer_id, keys)


class ContentBySectionIdLoader(ListLoader[SectionContentRow]):
    key = "section_id"

    async def rows(self, keys: list[int]) -> list[SectionContentRow]:
        return await queries.content_by_section_ids(self.sight.database, keys)


class ListMembersBySectionIdLoader(PageLoader[LinkRow]):
    async def rows(self, keys: list[int]) -> list[LinkRow]:
        return await queries.list_members_by_section_ids(self.sight.database, self.sight.viewer_id, keys, self.window)
