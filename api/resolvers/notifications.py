"""Notifications: reading and deleting them."""

from datetime import UTC, datetime

import strawberry

from api.context import Info
from api.gql.ids import decode, encode_all
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.gql.visibility import seen
from api.inputs.notifications import (
    DeleteNotificationsInput,
    MarkAllNotificationsReadInput,
    MarkNotificationsReadInput,
)
from api.types.notifications import Notification
from api.types.payloads import changed_viewer
from db.documents.document import BIGINT_MAX
from db.errors import NotFoundError
from db.queries import notifications
from db.queries.notifications import NotificationRow, PlaceRow
from db.queries.sessions import SessionRow

MOST_AT_ONCE = 5_000
_END = PlaceRow(BIGINT_MAX, datetime.max.replace(tzinfo=UTC))


@strawberry.type(description="The result of `markNotificationsRead`.")
class MarkNotificationsReadPayload:
    notifications: list[NotificationRow] = strawberry.field(
        default_factory=list,
        graphql_type=list[Notification],
        description="The notifications that are the viewer's, in the order of their ids in the input.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `markAllNotificationsRead`.")
class MarkAllNotificationsReadPayload:
    read_count: int | None = strawberry.field(default=None, description="How many notifications were marked.")
    is_complete: bool | None = strawberry.field(
        default=None, description="Whether none was left unread. Where it is false, call it again."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `deleteNotifications`.")
class DeleteNotificationsPayload:
    deleted_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="The ids of the deleted notifications, in the order of the input."
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

    @mutation(
        description=f"Marks all notifications as read, or those up to one; the latest {MOST_AT_ONCE:,} in one call. "
        "User errors: NOT_FOUND."
    )
    @staticmethod
    async def mark_all_notifications_read(
        info: Info, input: MarkAllNotificationsReadInput
    ) -> MarkAllNotificationsReadPayload:
        viewer, database = info.context.signed_in, info.context.database
        place: PlaceRow | None = _END
        if input.up_to_id is not None:
            key = decode(input.up_to_id, "Notification")
            place = await notifications.place_of_notification(database, viewer, key)
        if place is None:
            raise NotFoundError(field=("up_to_id",))
        count = await notifications.mark_all_notifications_read(database, viewer, place, MOST_AT_ONCE)
        return MarkAllNotificationsReadPayload(read_count=count, is_complete=count < MOST_AT_ONCE)

    @mutation(
        description="Deletes notifications; one whose act was taken back meanwhile is gone, and keeps no other from "
        "being deleted. The same act, done again, notifies again. User errors: BAD_USER_INPUT."
    )
    @staticmethod
    async def delete_notifications(info: Info, input: DeleteNotificationsInput) -> DeleteNotificationsPayload:
        viewer = info.context.signed_in
        keys = list(dict.fromkeys(decode(global_id, "Notification") for global_id in input.ids))
        deleted = {row.id for row in await notifications.delete_notifications(info.context.database, viewer, keys)}
        return DeleteNotificationsPayload(deleted_ids=encode_all("Notification", [k for k in keys if k in deleted]))
