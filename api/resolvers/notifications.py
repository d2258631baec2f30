"""Notifications: reading them."""

import strawberry

from api.context import Info
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.gql.visibility import seen
from api.inputs.notifications import MarkNotificationsReadInput
from api.types.notifications import Notification
from api.types.payloads import changed_viewer
from db.queries import notifications
from db.queries.notifications import NotificationRow
from db.queries.sessions import SessionRow


@strawberry.type(description="The result of `markNotificationsRead`.")
class MarkNotificationsReadPayload:
    notifications: list[NotificationRow] = strawberry.field(
        default_factory=list,
        graphql_type=list[Notification],
        description="The notifications that are the viewer's, in the order of their ids in the input.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class NotificationMutation:
    @mutation(
        description="Marks notifications as read. One whose act was taken back meanwhile is gone, and keeps no other "
        "from being marked. User errors: BAD_USER_INPUT."
    )
    @staticmethod
    async def mark_notifications_read(info: Info, input: MarkNotificationsReadInput) -> MarkNotificationsReadPayload:
        viewer = info.context.signed_in
        keys = list(dict.fromkeys(decode(global_id, "Notification") for global_id in input.ids))
        marked = {row.id for row in await notifications.mark_notifications_read(info.context.database, viewer, keys)}
        found = await info.context.loaders.notification_by_id.load_many([key for key in keys if key in marked])
        return MarkNotificationsReadPayload(notifications=seen(found))
