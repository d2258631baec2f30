"""What is private to the viewer's account."""

from asyncio import Future, ensure_future

from api.loaders.base import PageLoader, RowLoader
from db.queries import accounts, sessions
from db.queries.accounts import AccountSettingsRow, PendingRow
from db.queries.sessions import DeviceRow, SessionRow


class SessionsByUserIdLoader(PageLoader[DeviceRow]):
    def rows(self, keys: list[int]) -> Future[list[DeviceRow]]:
        return sessions.sessions_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class SessionByIdLoader(RowLoader[DeviceRow]):
    def rows(self, keys: list[int]) -> Future[list[DeviceRow]]:
        return sessions.sessions_by_ids(self.sight.database, self.sight.viewer_id, keys)


class ViewerByIdLoader(RowLoader[SessionRow]):
    """The viewer by their own id, from the session of the operation."""

    def rows(self, keys: list[int]) -> Future[list[SessionRow]]:
        return ensure_future(self._viewer(keys))

    async def _viewer(self, keys: list[int]) -> list[SessionRow]:
        session = await self.sight.session()
        return [] if session is None or session.id not in keys else [session]


class AccountSettingsByUserIdLoader(RowLoader[AccountSettingsRow]):
    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[AccountSettingsRow]]:
        return accounts.account_settings_by_user_ids(self.sight.database, self.sight.viewer_id, keys)


class PendingByUserIdLoader(RowLoader[PendingRow]):
    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[PendingRow]]:
        return accounts.pending_by_user_ids(self.sight.database, self.sight.viewer_id, keys)
