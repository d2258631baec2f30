"""Whom the viewer blocks and mutes, and what it lets others see and do."""

from asyncio import Future

from api.loaders.base import PageLoader, RowLoader
from db.queries import LinkRow
from db.queries import privacy as queries
from db.queries.privacy import BlockedUserRow, PrivacyRow


class BlockedUserByIdLoader(RowLoader[BlockedUserRow]):
    def rows(self, keys: list[int]) -> Future[list[BlockedUserRow]]:
        return queries.blocked_users_by_ids(self.sight.database, self.sight.viewer_id, keys)


class BlockedUsersByUserIdLoader(PageLoader[BlockedUserRow]):
    def rows(self, keys: list[int]) -> Future[list[BlockedUserRow]]:
        return queries.blocked_users_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class MutedByUserIdLoader(PageLoader[LinkRow]):
    def rows(self, keys: list[int]) -> Future[list[LinkRow]]:
        return queries.muted_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class PrivacyByUserIdLoader(RowLoader[PrivacyRow]):
    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[PrivacyRow]]:
        return queries.privacy_by_user_ids(self.sight.database, self.sight.viewer_id, keys)
