"""Live events: what a subscription delivers."""

from collections.abc import Awaitable, Sequence

import strawberry

from api.context import Info
from api.execution.columns import presents, relation
from api.gql.connections import Edge
from api.gql.live_enums import LiveEventKind
from api.live.events import MessageEventRow, NotificationEventRow
from api.types.conversations import MESSAGES, Conversation, Message
from api.types.notifications import Notification
from api.types.payloads import NewEdge, new_edge
from api.types.viewer import CONVERSATIONS, Viewer
from api.types.viewer_notifications import NOTIFICATIONS
from db.queries.conversations import ConversationRow, MessageRow
from db.queries.notifications import NotificationRow
from db.queries.sessions import SessionRow

_KIND = "Whether it has news, or something was missed. Its other fields are null unless it is DATA."
_CURSOR = "The position in the stream: subscribe with it as `after` to go on behind this event."


@strawberry.interface(
    description="What a subscription delivers. Subscribe, then read what it is about, then apply events; after a break "
    "subscribe with the last `cursor` as `after`, and nothing is missed or comes twice."
)
class LiveEvent:
    kind: LiveEventKind = strawberry.field(description=_KIND)
    cursor: str = strawberry.field(description=_CURSOR)


@strawberry.type(description="A message was sent, by anybody in the conversation: the viewer's other devices, too.")
class MessageEvent(LiveEvent):
    @relation(graphql_type=Message | None, description="The message as it is now.")
    @staticmethod
    def message(events: Sequence[MessageEventRow], info: Info) -> Awaitable[Sequence[MessageRow | None]]:
        return info.context.loaders.message_by_id.column([event.message_id for event in events])

    @relation(graphql_type=Edge[Message] | None, description="The message as a new entry of the conversation.")
    @staticmethod
    async def message_edge(events: Sequence[MessageEventRow], info: Info) -> Sequence[NewEdge | None]:
        messages = await info.context.loaders.message_by_id.column([event.message_id for event in events])
        return [message and new_edge(MESSAGES, message) for message in messages]

    @relation(graphql_type=Conversation | None, description="The conversation, with `lastMessage` and `unreadCount`.")
    @staticmethod
    async def conversation(events: Sequence[MessageEventRow], info: Info) -> Sequence[ConversationRow | None]:
        return await _conversations(events, info)

    @relation(
        graphql_type=Edge[Conversation] | None,
        description="The conversation as an entry of `viewer.conversations`, of which it is now the first.",
    )
    @staticmethod
    async def conversation_edge(events: Sequence[MessageEventRow], info: Info) -> Sequence[NewEdge | None]:
        found = await _conversations(events, info)
        return [conversation and new_edge(CONVERSATIONS, conversation) for conversation in found]

    @relation(graphql_type=Viewer | None, description="The viewer, with new counts.", loads=False)
    @staticmethod
    async def viewer(events: Sequence[MessageEventRow], info: Info) -> Sequence[SessionRow | None]:
        session = await info.context.session()
        return [None if event.message_id is None else session for event in events]

    is_type_of = presents(MessageEventRow)


@strawberry.type(description="The viewer was notified of something.")
class NotificationEvent(LiveEvent):
    @relation(graphql_type=Notification | None, description="The notification as it is now.")
    @staticmethod
    def notification(events: Sequence[NotificationEventRow], info: Info) -> Awaitable[Sequence[NotificationRow | None]]:
        return info.context.loaders.notification_by_id.column([event.notification_id for event in events])

    @relation(
        graphql_type=Edge[Notification] | None,
        description="The notification as a new entry of `viewer.notifications`.",
    )
    @staticmethod
    async def notification_edge(events: Sequence[NotificationEventRow], info: Info) -> Sequence[NewEdge | None]:
        keys = [event.notification_id for event in events]
        found = await info.context.loaders.notification_by_id.column(keys)
        return [notification and new_edge(NOTIFICATIONS, notification) for notification in found]

    @relation(graphql_type=Viewer | None, description="The viewer, with new counts.", loads=False)
    @staticmethod
    async def viewer(events: Sequence[NotificationEventRow], info: Info) -> Sequence[SessionRow | None]:
        session = await info.context.session()
        return [None if event.notification_id is None else session for event in events]

    is_type_of = presents(NotificationEventRow)


async def _conversations(events: Sequence[MessageEventRow], info: Info) -> Sequence[ConversationRow | None]:
    loaders = info.context.loaders
    messages = await loaders.message_by_id.column([event.message_id for event in events])
    return await loaders.conversation_by_id.column([message and message.conversation_id for message in messages])
