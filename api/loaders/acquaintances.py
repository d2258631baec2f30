"""People whom the viewer may know."""

from asyncio import Future

from api.loaders.base import PageLoader
from db.queries import LinkRow
from db.queries import acquaintances as queries
from db.queries.acquaintances import SuggestionRow


class KnownFollowersByUserIdLoader(PageLoader[LinkRow]):
    """Signed out: nobody."""

    def rows(self, keys: list[int]) -> Future[list[LinkRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return queries.known_followers_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class MutualFriendsByUserIdLoader(PageLoader[LinkRow]):
    """Signed out: nobody."""

    def rows(self, keys: list[int]) -> Future[list[LinkRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return queries.mutual_friends_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class SuggestionsByUserIdLoader(PageLoader[SuggestionRow]):
    def rows(self, keys: list[int]) -> Future[list[SuggestionRow]]:
        return queries.suggestions_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class FriendRequestsByUserIdLoader(PageLoader[LinkRow]):
    def rows(self, keys: list[int]) -> Future[list[LinkRow]]:
        return queries.friend_requests_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)
