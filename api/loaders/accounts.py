"""What is private to the viewer's account."""

from asyncio import Future

from api.loaders.base import PageLoader, RowLoader
from db.queries import accounts, sessions
from db.queries.accounts import AccountSettingsRow
from db.queries.sessions import DeviceRow


class SessionsByUserIdLoader(PageLoader[DeviceRow]):
    def rows(self, keys: list[int]) -> Future[list[DeviceRow]]:
        return sessions.sessions_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class AccountSettingsByUserIdLoader(RowLoader[AccountSettingsRow]):
    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[AccountSettingsRow]]:
        return accounts.account_settings_by_user_ids(self.sight.database, self.sight.viewer_id, keys)
