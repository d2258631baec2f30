"""The viewer's part that is about notifications."""

from collections.abc import Awaitable, Sequence
from typing import Annotated

import strawberry

from api.context import Info
from api.execution.columns import relation
from api.gql.connections import connection
from api.gql.enums import NotificationType
from api.gql.errors import BadUserInputError
from api.gql.pagination import Keyset, Page, Window
from api.gql.permissions import active
from api.loaders.base import PageLoader
from api.loaders.notifications import (
    NotificationsByUserIdLoader,
    UnreadNotificationsByUserIdLoader,
    notifications_of_types,
)
from api.types.notifications import Notification
from api.types.users import NEWEST_FIRST
from db.queries.notifications import NotificationRow
from db.queries.sessions import SessionRow

NOTIFICATIONS = Keyset("notifications", NEWEST_FIRST)

UnreadOnly = Annotated[bool, strawberry.argument(description="Returns only unread ones.")]
OfTypes = Annotated[
    list[NotificationType] | None,
    strawberry.argument(description="Returns only notifications of these types; all when null or empty."),
]


@strawberry.type
class ViewerNotifications:
    """Fields of `Viewer`, and no type of the schema."""

    @connection(
        Notification,
        keyset=NOTIFICATIONS,
        description="Notifications, newest first.",
        extensions=active(),
    )
    @staticmethod
    def notifications(
        viewers: Sequence[SessionRow],
        info: Info,
        window: Window,
        *,
        unread_only: UnreadOnly = False,
        types: OfTypes = None,
    ) -> Awaitable[Sequence[Page[NotificationRow]]]:
        keys = [viewer.id for viewer in viewers]
        if types and len(types) > len(NotificationType):
            raise BadUserInputError(f"There are only {len(NotificationType)} types; these are {len(types)}.")
        kind: type[PageLoader[NotificationRow]]
        if types:
            kind = notifications_of_types(tuple(sorted({type_.value for type_ in types})), unread_only=unread_only)
        else:
            kind = UnreadNotificationsByUserIdLoader if unread_only else NotificationsByUserIdLoader
        return info.context.loaders.page(kind, window).column(keys)

    @relation(
        graphql_type=int,
        description="How many notifications are unread, counted up to 100.",
        extensions=active(),
    )
    @staticmethod
    def unread_notification_count(viewers: Sequence[SessionRow], info: Info) -> Awaitable[Sequence[int]]:
        keys = [viewer.id for viewer in viewers]
        loader = info.context.loaders.unread_notification_count_by_user_id
        return loader.column(keys, lambda count: 0 if count is None else count.total)
