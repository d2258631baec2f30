"""Which posts the viewer has seen."""

from asyncio import Future

from api.loaders.base import RowLoader
from db.queries import IdRow, seen_posts


class SeenPostByIdLoader(RowLoader[IdRow]):
    """A row for a post that the viewer has seen. Signed out: for none."""

    def rows(self, keys: list[int]) -> Future[list[IdRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return seen_posts.seen_posts_by_ids(self.sight.database, self.sight.viewer_id, keys)
