"""Custom feeds."""

from api.loaders.base import ListLoader, RowLoader
from db.queries import feeds as queries
from db.rows import FeedFilterRow, FeedRow, SectionFeedRow


class FeedByIdLoader(RowLoader[FeedRow]):
    async def rows(self, keys: list[int]) -> list[FeedRow]:
        return await queries.feeds_by_ids(self.sight.database, self.sight.viewer_id, keys)


class FeedsByUserIdLoader(ListLoader[FeedRow]):
    key = "user_id"

    async def rows(self, keys: list[int]) -> list[FeedRow]:
        return await queries.feeds_by_user_ids(self.sight.database, self.sight.viewer_id, keys)


class FeedBySectionIdLoader(RowLoader[SectionFeedRow]):
    key = "section_id"

    async def rows(self, keys: list[int]) -> list[SectionFeedRow]:
        return await queries.feeds_by_section_ids(self.sight.database, keys)


class FiltersByFeedIdLoader(ListLoader[FeedFilterRow]):
    key = "feed_id"

    async def rows(self, keys: list[int]) -> list[FeedFilterRow]:
        return await queries.filters_by_feed_ids(self.sight.database, keys)
