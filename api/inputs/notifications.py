"""Inputs of the notification mutations."""

from typing import Annotated

import strawberry
from pydantic import Field

from api.inputs.ownership import Owned


@strawberry.input(description="The input of `markNotificationsRead`.")
class MarkNotificationsReadInput:
    ids: Annotated[list[strawberry.ID], Field(min_length=1, max_length=100)] = strawberry.field(
        description="The ids of the notifications; 1 to 100. What is not the viewer's, or is no longer, is left out."
    )


@strawberry.input(description="The input of `markAllNotificationsRead`.")
class MarkAllNotificationsReadInput:
    up_to_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The newest notification that the viewer has seen: what came later stays unread. All when null. "
        "Must be the viewer's own; anything else answers NOT_FOUND.",
        directives=[Owned()],
    )


@strawberry.input(description="The input of `deleteNotifications`.")
class DeleteNotificationsInput:
    ids: Annotated[list[strawberry.ID], Field(min_length=1, max_length=100)] = strawberry.field(
        description="The ids of the notifications; 1 to 100. What is not the viewer's, or is no longer, is left out."
    )
