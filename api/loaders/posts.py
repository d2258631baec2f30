"""Posts, reposts, and what the viewer did with posts."""

from asyncio import Future

from api.loaders.base import PageLoader, RowLoader, SetLoader
from db.queries import interactions, posts
from db.queries.interactions import BookmarkRow, InteractionRow, LikerRow, RepostRow
from db.queries.posts import PostRow


class PostByIdLoader(RowLoader[PostRow]):
    def rows(self, keys: list[int]) -> Future[list[PostRow]]:
        return posts.posts_by_ids(self.sight.database, self.sight.viewer_id, keys)


class PostsByUserIdLoader(PageLoader[PostRow]):
    def rows(self, keys: list[int]) -> Future[list[PostRow]]:
        return posts.posts_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class RepostsByUserIdLoader(PageLoader[RepostRow]):
    def rows(self, keys: list[int]) -> Future[list[RepostRow]]:
        return interactions.reposts_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class LikersByPostIdLoader(PageLoader[LikerRow]):
    def rows(self, keys: list[int]) -> Future[list[LikerRow]]:
        return interactions.likers_by_post_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class BookmarksByUserIdLoader(PageLoader[BookmarkRow]):
    def rows(self, keys: list[int]) -> Future[list[BookmarkRow]]:
        return interactions.bookmarks_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class ViewerInteractionsByPostIdLoader(SetLoader[InteractionRow]):
    """What the viewer did with a post: any of like, bookmark, share, repost. Signed out: nothing."""

    key, word = "post_id", "interaction"

    def rows(self, keys: list[int]) -> Future[list[InteractionRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return interactions.viewer_interactions_by_post_ids(self.sight.database, self.sight.viewer_id, keys)
