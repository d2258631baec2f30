"""Comments and replies, and who likes them."""

from asyncio import Future
from collections.abc import Collection

from api.gql.visibility import Sight
from api.loaders.base import ListLoader, PageLoader, RowLoader
from db.queries import comments as queries
from db.queries import post_texts
from db.queries.comments import AncestorRow, CommentLikeRow, CommentRow
from db.queries.interactions import LikerRow
from db.queries.post_texts import TextRow


class CommentByIdLoader(RowLoader[CommentRow]):
    def rows(self, keys: list[int]) -> Future[list[CommentRow]]:
        return queries.comments_by_ids(self.sight.database, self.sight.viewer_id, keys)


class CommentsByPostIdLoader(PageLoader[CommentRow]):
    def rows(self, keys: list[int]) -> Future[list[CommentRow]]:
        return queries.comments_by_post_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class RepliesByCommentIdLoader(PageLoader[CommentRow]):
    def rows(self, keys: list[int]) -> Future[list[CommentRow]]:
        return queries.replies_by_comment_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class AncestorsByCommentIdLoader(ListLoader[AncestorRow]):
    """The ids of the `limit` nearest comments above each, from the top down."""

    key = "owner_id"

    def __init__(self, sight: Sight, limit: int) -> None:
        super().__init__(sight)
        self._limit = limit

    def rows(self, keys: list[int]) -> Future[list[AncestorRow]]:
        return queries.ancestors_by_comment_ids(self.sight.database, keys, self._limit)


class TextByCommentIdLoader(RowLoader[TextRow]):
    def rows(self, keys: list[int]) -> Future[list[TextRow]]:
        return queries.texts_by_comment_ids(self.sight.database, keys)


class LikersByCommentIdLoader(PageLoader[LikerRow]):
    def rows(self, keys: list[int]) -> Future[list[LikerRow]]:
        return queries.likers_by_comment_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class ViewerLikeByCommentIdLoader(RowLoader[CommentLikeRow]):
    """The viewer's like of a comment. Signed out: none."""

    key = "comment_id"

    def rows(self, keys: list[int]) -> Future[list[CommentLikeRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return queries.viewer_likes_by_comment_ids(self.sight.database, self.sight.viewer_id, keys)


async def visible_names(sight: Sight, names: Collection[str]) -> dict[str, str]:
    """Those of these names, in lower case, that are of people whom the viewer may see, and how they are written."""
    if not names:
        return {}
    people = await post_texts.users_by_names(sight.database, sight.viewer_id, sorted(names))
    return {one.username.lower(): one.username for one in people}
