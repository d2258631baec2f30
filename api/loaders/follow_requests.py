"""Requests to follow people who approve their followers."""

from asyncio import Future

from api.loaders.base import ListLoader, PageLoader, RowLoader
from db.queries import follow_requests as queries
from db.queries.follow_requests import FollowRequestRow
from db.queries.notifications import CountRow


class FollowRequestByIdLoader(RowLoader[FollowRequestRow]):
    def rows(self, keys: list[int]) -> Future[list[FollowRequestRow]]:
        return queries.follow_requests_by_ids(self.sight.database, self.sight.viewer_id, keys)


class ViewerFollowRequestsByUserIdLoader(ListLoader[FollowRequestRow]):
    """The requests between the viewer and a user: one in each direction at most. Signed out: none."""

    key = "owner_id"

    def rows(self, keys: list[int]) -> Future[list[FollowRequestRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return queries.viewer_follow_requests_by_user_ids(self.sight.database, self.sight.viewer_id, keys)


class FollowRequestsByUserIdLoader(PageLoader[FollowRequestRow]):
    """Requests that a user has received."""

    def rows(self, keys: list[int]) -> Future[list[FollowRequestRow]]:
        return queries.follow_requests_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class SentFollowRequestsByUserIdLoader(PageLoader[FollowRequestRow]):
    """Requests that a user has made."""

    def rows(self, keys: list[int]) -> Future[list[FollowRequestRow]]:
        return queries.sent_follow_requests_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class FollowRequestCountByUserIdLoader(RowLoader[CountRow]):
    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[CountRow]]:
        return queries.follow_request_counts_by_user_ids(self.sight.database, self.sight.viewer_id, keys)
