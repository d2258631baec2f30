"""Comments and replies."""

from asyncio import Future

from api.loaders.base import PageLoader, RowLoader
from db.queries import comments as queries
from db.queries.comments import CommentRow


class CommentByIdLoader(RowLoader[CommentRow]):
    def rows(self, keys: list[int]) -> Future[list[CommentRow]]:
        return queries.comments_by_ids(self.sight.database, self.sight.viewer_id, keys)


class CommentsByPostIdLoader(PageLoader[CommentRow]):
    def rows(self, keys: list[int]) -> Future[list[CommentRow]]:
        return queries.comments_by_post_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class RepliesByCommentIdLoader(PageLoader[CommentRow]):
    def rows(self, keys: list[int]) -> Future[list[CommentRow]]:
        return queries.replies_by_comment_ids(self.sight.database, self.sight.viewer_id, keys, self.window)
