"""Comments and replies."""

from api.loaders.base import PageLoader, RowLoader
from db.queries import comments as queries
from db.rows import CommentRow


class CommentByIdLoader(RowLoader[CommentRow]):
    async def rows(self, keys: list[int]) -> list[CommentRow]:
        return await queries.comments_by_ids(self.sight.database, self.sight.viewer_id, keys)


class CommentsByPostIdLoader(PageLoader[CommentRow]):
    async def rows(self, keys: list[int]) -> list[CommentRow]:
        return await queries.comments_by_post_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class RepliesByCommentIdLoader(PageLoader[CommentRow]):
    async def rows(self, keys: list[int]) -> list[CommentRow]:
        return await queries.replies_by_comment_ids(self.sight.database, self.sight.viewer_id, keys, self.window)
