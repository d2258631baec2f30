"""Users, and how they stand to one another."""

from asyncio import Future
from collections.abc import Iterable

from api.gql.visibility import profile
from api.loaders.base import Loader, PageLoader, RowLoader, SetLoader
from db.queries import LinkRow
from db.queries import users as queries
from db.queries.users import ProfileRow, RelationRow, UserCountsRow, UserRow


class UserByIdLoader(RowLoader[UserRow]):
    def rows(self, keys: list[int]) -> Future[list[UserRow]]:
        return queries.users_by_ids(self.sight.database, self.sight.viewer_id, keys)


class ProfileByIdLoader(Loader[UserRow, ProfileRow | None]):
    """Profiles by the ids of their users."""

    def rows(self, keys: list[int]) -> Future[list[UserRow]]:
        return queries.users_by_ids(self.sight.database, self.sight.viewer_id, keys)

    def values(self, keys: list[int], rows: list[UserRow]) -> Iterable[ProfileRow | None]:
        users = {user.id: user for user in rows}
        return [profile(users.get(key)) for key in keys]


class CountsByUserIdLoader(RowLoader[UserCountsRow]):
    """How many followers, friends and posts a user has; None where the viewer may not see the profile."""

    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[UserCountsRow]]:
        return queries.user_counts_by_user_ids(self.sight.database, self.sight.viewer_id, keys)


class FollowersByUserIdLoader(PageLoader[LinkRow]):
    def rows(self, keys: list[int]) -> Future[list[LinkRow]]:
        return queries.followers_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class FollowingByUserIdLoader(PageLoader[LinkRow]):
    def rows(self, keys: list[int]) -> Future[list[LinkRow]]:
        return queries.following_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class FriendsByUserIdLoader(PageLoader[LinkRow]):
    def rows(self, keys: list[int]) -> Future[list[LinkRow]]:
        return queries.friends_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class ViewerRelationsByUserIdLoader(SetLoader[RelationRow]):
    """How the viewer stands to a user: any of follows, followed_by, friend. Signed out: nothing."""

    key, word = "user_id", "relation"

    def rows(self, keys: list[int]) -> Future[list[RelationRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return queries.viewer_relations_by_user_ids(self.sight.database, self.sight.viewer_id, keys)
