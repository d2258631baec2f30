"""Lists of posts that only their author sees, earlier versions, and what texts of posts say."""

from asyncio import Future

from api.loaders.base import ListLoader, PageLoader, RowLoader
from db.queries import authoring, post_revisions, post_texts
from db.queries.authoring import DeletedPostRow, DraftRow, ScheduledPostRow
from db.queries.post_revisions import RevisionRow
from db.queries.post_texts import MentionRow, TextRow


class DraftsByUserIdLoader(PageLoader[DraftRow]):
    def rows(self, keys: list[int]) -> Future[list[DraftRow]]:
        return authoring.drafts_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class ScheduledPostsByUserIdLoader(PageLoader[ScheduledPostRow]):
    def rows(self, keys: list[int]) -> Future[list[ScheduledPostRow]]:
        return authoring.scheduled_posts_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class DeletedPostsByUserIdLoader(PageLoader[DeletedPostRow]):
    def rows(self, keys: list[int]) -> Future[list[DeletedPostRow]]:
        return authoring.deleted_posts_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class RevisionsByPostIdLoader(PageLoader[RevisionRow]):
    def rows(self, keys: list[int]) -> Future[list[RevisionRow]]:
        return post_revisions.revisions_by_post_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class RevisionByIdLoader(RowLoader[RevisionRow]):
    def rows(self, keys: list[int]) -> Future[list[RevisionRow]]:
        return post_revisions.revisions_by_ids(self.sight.database, self.sight.viewer_id, keys)


class MentionsByPostIdLoader(ListLoader[MentionRow]):
    key = "post_id"

    def rows(self, keys: list[int]) -> Future[list[MentionRow]]:
        return post_texts.mentions_by_post_ids(self.sight.database, keys)


class TextByPostIdLoader(RowLoader[TextRow]):
    def rows(self, keys: list[int]) -> Future[list[TextRow]]:
        return post_texts.texts_by_post_ids(self.sight.database, keys)
