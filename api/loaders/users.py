"""Users, and how they stand to one another."""

from collections import defaultdict

from api.loaders.base import Loader, PageLoader, RowLoader
from db.queries import users as queries
from db.rows import LinkRow, UserRow


class UserByIdLoader(RowLoader[UserRow]):
    async def rows(self, keys: list[int]) -> list[UserRow]:
        return await queries.users_by_ids(self.sight.database, self.sight.viewer_id, keys)


class FollowersByUserIdLoader(PageLoader[LinkRow]):
    async def rows(self, keys: list[int]) -> list[LinkRow]:
        return await queries.followers_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class FollowingByUserIdLoader(PageLoader[LinkRow]):
    async def rows(self, keys: list[int]) -> list[LinkRow]:
        return await queries.following_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class FriendsByUserIdLoader(PageLoader[LinkRow]):
    async def rows(self, keys: list[int]) -> list[LinkRow]:
        return await queries.friends_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class ViewerRelationsByUserIdLoader(Loader[frozenset[str]]):
    """How the viewer stands to a user: any of follows, followed_by, friend. Signed out: nothing."""

    async def values(self, keys: list[int]) -> list[frozenset[str]]:
        states: defaultdict[int, set[str]] = defaultdict(set)
        if self.sight.viewer_id is not None:
            for row in await queries.viewer_relations_by_user_ids(self.sight.database, self.sight.viewer_id, keys):
                states[row.user_id].add(row.relation)
        return [frozenset(states[key]) for key in keys]
