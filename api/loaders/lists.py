"""Lists of people."""

from asyncio import Future

from api.loaders.base import ListLoader, PageLoader, RowLoader
from db.queries import LinkRow
from db.queries import lists as queries
from db.queries.lists import ListRow, MemberCountRow


class ListByIdLoader(RowLoader[ListRow]):
    def rows(self, keys: list[int]) -> Future[list[ListRow]]:
        return queries.lists_by_ids(self.sight.database, self.sight.viewer_id, keys)


class ListsByUserIdLoader(PageLoader[ListRow]):
    def rows(self, keys: list[int]) -> Future[list[ListRow]]:
        return queries.lists_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class ViewerListsByUserIdLoader(ListLoader[ListRow]):
    """The viewer's lists that a user is on, the latest first. Signed out: none."""

    key = "owner_id"

    def rows(self, keys: list[int]) -> Future[list[ListRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return queries.viewer_lists_by_user_ids(self.sight.database, self.sight.viewer_id, keys)


class MembersByListIdLoader(PageLoader[LinkRow]):
    def rows(self, keys: list[int]) -> Future[list[LinkRow]]:
        return queries.members_by_list_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class MemberCountByListIdLoader(RowLoader[MemberCountRow]):
    """Of lists that are in hand: whoever sees a list knows how many people are on it."""

    key = "list_id"

    def rows(self, keys: list[int]) -> Future[list[MemberCountRow]]:
        return queries.member_counts_by_list_ids(self.sight.database, keys)
