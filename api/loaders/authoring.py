"""The lists of posts that only their author sees."""

from asyncio import Future

from api.loaders.base import PageLoader
from db.queries import authoring
from db.queries.authoring import DeletedPostRow, DraftRow, ScheduledPostRow


class DraftsByUserIdLoader(PageLoader[DraftRow]):
    def rows(self, keys: list[int]) -> Future[list[DraftRow]]:
        return authoring.drafts_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class ScheduledPostsByUserIdLoader(PageLoader[ScheduledPostRow]):
    def rows(self, keys: list[int]) -> Future[list[ScheduledPostRow]]:
        return authoring.scheduled_posts_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class DeletedPostsByUserIdLoader(PageLoader[DeletedPostRow]):
    def rows(self, keys: list[int]) -> Future[list[DeletedPostRow]]:
        return authoring.deleted_posts_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)
