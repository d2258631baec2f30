"""Posts, reposts, and what the viewer did with posts."""

from collections import defaultdict

from api.loaders.base import Loader, PageLoader, RowLoader
from db.queries import posts as queries
from db.rows import LikerRow, PostRow, RepostRow


class PostByIdLoader(RowLoader[PostRow]):
    async def rows(self, keys: list[int]) -> list[PostRow]:
        return await queries.posts_by_ids(self.sight.database, self.sight.viewer_id, keys)


class PostsByUserIdLoader(PageLoader[PostRow]):
    async def rows(self, keys: list[int]) -> list[PostRow]:
        return await queries.posts_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class RepostsByUserIdLoader(PageLoader[RepostRow]):
    async def rows(self, keys: list[int]) -> list[RepostRow]:
        return await queries.reposts_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class LikersByPostIdLoader(PageLoader[LikerRow]):
    async def rows(self, keys: list[int]) -> list[LikerRow]:
        return await queries.likers_by_post_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class ViewerInteractionsByPostIdLoader(Loader[frozenset[str]]):
    """What the viewer did with a post: any of like, bookmark, share, repost. Signed out: nothing."""

    async def values(self, keys: list[int]) -> list[frozenset[str]]:
        states: defaultdict[int, set[str]] = defaultdict(set)
        if self.sight.viewer_id is not None:
            for row in await queries.viewer_interactions_by_post_ids(self.sight.database, self.sight.viewer_id, keys):
                states[row.post_id].add(row.interaction)
        return [frozenset(states[key]) for key in keys]
