"""Reposts: by id, of a post, and the viewer's own."""

from asyncio import Future

from api.loaders.base import PageLoader, RowLoader
from db.queries import reposts as queries
from db.queries.reposts import RepostRow


class RepostByIdLoader(RowLoader[RepostRow]):
    def rows(self, keys: list[int]) -> Future[list[RepostRow]]:
        return queries.reposts_by_ids(self.sight.database, self.sight.viewer_id, keys)


class RepostsByPostIdLoader(PageLoader[RepostRow]):
    def rows(self, keys: list[int]) -> Future[list[RepostRow]]:
        return queries.reposts_by_post_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class ViewerRepostByPostIdLoader(RowLoader[RepostRow]):
    """The viewer's repost of a post. Signed out: none."""

    key = "post_id"

    def rows(self, keys: list[int]) -> Future[list[RepostRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return queries.viewer_reposts_by_post_ids(self.sight.database, self.sight.viewer_id, keys)
