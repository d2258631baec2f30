"""Subscriptions: where they begin."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from api.context import Info
from api.gql.ids import decode
from api.gql.permissions import REQUIRES_SIGN_IN, authenticated
from api.live.events import MessageEventRow, NotificationEventRow, events
from api.live.positions import Stream
from api.types.live import MessageEvent, NotificationEvent
from db.errors import NotFoundError

After = Annotated[
    str | None,
    strawberry.argument(description="The `cursor` of the last event that was received; null begins now. BAD_CURSOR."),
]


@strawberry.type
class LiveSubscription:
    @strawberry.subscription(
        description="Messages as they are sent, in their order in each conversation. With `after` none is missed or "
        "comes twice; after more than 500 messages, a crash of the database or on another one than before, a RESYNC "
        f"event says that the client has to read again what it shows. {REQUIRES_SIGN_IN}",
        graphql_type=MessageEvent | None,
        extensions=authenticated(),
    )
    async def message_added(
        self,
        info: Info,
        conversation_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="Only those of this conversation; of all the viewer's conversations if null. NOT_FOUND."
            ),
        ] = None,
        after: After = None,
    ) -> AsyncGenerator[MessageEvent, None]:
        viewer, conversation = info.context.signed_in, 0
        if conversation_id is not None:
            conversation = decode(conversation_id, "Conversation")
            if await info.context.loaders.conversation_by_id.load(conversation) is None:
                raise NotFoundError
        stream = Stream("messages", viewer, conversation)
        return await events(info.context.services.hub, stream, MessageEventRow, after)  # pyright: ignore[reportReturnType]

    @strawberry.subscription(
        description="The viewer's notifications as they are made. With `after` none is missed or comes twice; after "
        "more than 500, a crash of the database or on another one than before, a RESYNC event says that the client has "
        f"to read again what it shows. {REQUIRES_SIGN_IN}",
        graphql_type=NotificationEvent | None,
        extensions=authenticated(),
    )
    async def notification_added(self, info: Info, after: After = None) -> AsyncGenerator[NotificationEvent, None]:
        stream = Stream("notifications", info.context.signed_in)
        return await events(info.context.services.hub, stream, NotificationEventRow, after)  # pyright: ignore[reportReturnType]
