"""Conversations and messages, as the viewer has them."""

from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import strawberry

from api.context import Info
from api.execution.columns import computed, presents, relation
from api.gql.connections import connection
from api.gql.conversation_enums import ConversationRole
from api.gql.enums import ConversationKind
from api.gql.node import Node, node_id
from api.gql.pagination import Keyset, Page, Window
from api.gql.visibility import seen
from api.loaders.conversations import MessagesByConversationIdLoader
from api.types.users import NEWEST_FIRST, User
from db.queries.conversations import ConversationRow, MessageRow, ParticipantRow
from db.queries.users import UserRow

LazyMessage = Annotated["Message", strawberry.lazy("api.types.conversations")]
LazyConversation = Annotated["Conversation", strawberry.lazy("api.types.conversations")]

MESSAGES = Keyset("messages", NEWEST_FIRST)
_LAST_ONE = Window(MESSAGES, limit=1, backward=False, after=None, before=None)


@strawberry.type(description="A message in a conversation.")
class Message(Node):
    id: strawberry.ID = node_id("Message")
    content: str | None = strawberry.field(description="The text, up to 5,000 characters; null when deleted.")
    created_at: datetime = strawberry.field(description="When it was sent.")
    edited_at: datetime | None = strawberry.field(description="When its sender last changed it; null if never.")

    @computed(graphql_type=bool, description="Whether it was deleted.")
    @staticmethod
    def is_deleted(messages: Sequence[MessageRow], _info: Info) -> Sequence[bool]:
        return [message.deleted_at is not None for message in messages]

    @computed(
        graphql_type=bool,
        description="Whether the viewer may change its text: its sender, for a day, until it is deleted.",
    )
    @staticmethod
    def viewer_can_edit(messages: Sequence[MessageRow], info: Info) -> Sequence[bool]:
        viewer, since = info.context.viewer_id, datetime.now(UTC) - timedelta(days=1)
        return [
            message.sender_id == viewer and message.deleted_at is None and message.created_at > since
            for message in messages
        ]

    @computed(graphql_type=bool, description="Whether the viewer may delete it: its sender, until it is deleted.")
    @staticmethod
    def viewer_can_delete(messages: Sequence[MessageRow], info: Info) -> Sequence[bool]:
        viewer = info.context.viewer_id
        return [message.sender_id == viewer and message.deleted_at is None for message in messages]

    @relation(graphql_type=User | None, description="Who sent it; null when the account is gone.")
    @staticmethod
    def sender(messages: Sequence[MessageRow], info: Info) -> Awaitable[Sequence[UserRow | None]]:
        return info.context.loaders.user_by_id.column([message.sender_id for message in messages])

    @relation(graphql_type=LazyConversation | None, description="The conversation it is in.")
    @staticmethod
    def conversation(messages: Sequence[MessageRow], info: Info) -> Awaitable[Sequence[ConversationRow | None]]:
        keys = [message.conversation_id for message in messages]
        return info.context.loaders.conversation_by_id.column(keys)

    @relation(
        graphql_type=LazyMessage | None,
        description="The message it replies to; null when it is no reply, or the viewer cannot see that message.",
    )
    @staticmethod
    async def reply_to(messages: Sequence[MessageRow], info: Info) -> Sequence[MessageRow | None]:
        loaders = info.context.loaders
        keys = [message.id for message in messages]
        replies = await loaders.reply_by_message_id.column(keys, lambda reply: reply and reply.reply_to_id)
        return await loaders.message_by_id.column(replies)

    is_type_of = presents(MessageRow)


@strawberry.type(description="A person in a conversation.")
class ConversationMember:
    joined_at: datetime = strawberry.field(description="When they joined, or joined again.")

    @computed(graphql_type=ConversationRole, description="What they may do; MEMBER in a conversation of two.")
    @staticmethod
    def role(members: Sequence[ParticipantRow], _info: Info) -> Sequence[ConversationRole]:
        return [ConversationRole.ADMIN if member.is_admin else ConversationRole.MEMBER for member in members]

    @relation(graphql_type=User, description="The person.")
    @staticmethod
    def user(members: Sequence[ParticipantRow], info: Info) -> Awaitable[Sequence[UserRow | None]]:
        return info.context.loaders.user_by_id.column([member.user_id for member in members])

    is_type_of = presents(ParticipantRow)


@strawberry.type(description="A conversation that the viewer is in.")
class Conversation(Node):
    id: strawberry.ID = node_id("Conversation")
    title: str | None = strawberry.field(description="The title of a group; null in a direct conversation.")
    is_muted: bool = strawberry.field(description="Whether the viewer gets no notifications from it.")
    last_message_at: datetime = strawberry.field(
        description="When it last changed: its place in `viewer.conversations`."
    )
    created_at: datetime = strawberry.field(description="When it began.")

    kind: ConversationKind = strawberry.field(description="Whether it is between two people or a group.")

    @computed(
        graphql_type=bool,
        description="Whether the viewer may change title and members; false in a conversation of two.",
    )
    @staticmethod
    def viewer_is_admin(conversations: Sequence[ConversationRow], _info: Info) -> Sequence[bool]:
        return [found.is_admin for found in conversations]

    @relation(
        graphql_type=list[User],
        description="The people in it whom the viewer may see, the first to join first. Without those who have left. "
        "At most 50.",
    )
    @staticmethod
    async def participants(conversations: Sequence[ConversationRow], info: Info) -> Sequence[list[UserRow]]:
        loaders = info.context.loaders
        members = await loaders.participants_by_conversation_id.column([found.id for found in conversations])
        users = iter(await loaders.user_by_id.column([member.user_id for found in members for member in found]))
        return [seen([next(users) for _ in found]) for found in members]

    @relation(graphql_type=list[ConversationMember], description="The same people, and what they are in it.")
    @staticmethod
    async def members(conversations: Sequence[ConversationRow], info: Info) -> Sequence[list[ParticipantRow]]:
        return await _members(conversations, info)

    @connection(Message, keyset=MESSAGES, description="The messages that the viewer may see, newest first.")
    @staticmethod
    def messages(
        conversations: Sequence[ConversationRow], info: Info, window: Window
    ) -> Awaitable[Sequence[Page[MessageRow]]]:
        keys = [conversation.id for conversation in conversations]
        return info.context.loaders.page(MessagesByConversationIdLoader, window).column(keys)

    @relation(
        graphql_type=Message | None, description="The latest message that the viewer may see; null when there is none."
    )
    @staticmethod
    def last_message(conversations: Sequence[ConversationRow], info: Info) -> Awaitable[Sequence[MessageRow | None]]:
        keys = [conversation.id for conversation in conversations]
        loader = info.context.loaders.page(MessagesByConversationIdLoader, _LAST_ONE)
        return loader.column(keys, lambda page: page.nodes[0] if page.nodes else None)

    @relation(graphql_type=int, description="How many messages of others are unread, counted up to 100.")
    @staticmethod
    def unread_count(conversations: Sequence[ConversationRow], info: Info) -> Awaitable[Sequence[int]]:
        keys = [conversation.id for conversation in conversations]
        loader = info.context.loaders.unread_count_by_conversation_id
        return loader.column(keys, lambda count: 0 if count is None else count.unread_count)

    @relation(
        graphql_type=bool,
        description="Whether the viewer may write: false in a conversation of two whose other person the viewer cannot "
        "see.",
    )
    @staticmethod
    async def viewer_can_send(conversations: Sequence[ConversationRow], info: Info) -> Sequence[bool]:
        viewer = info.context.viewer_id
        pairs = [found for found in conversations if found.kind == ConversationKind.DIRECT]
        open_ = {
            pair.id
            for pair, found in zip(pairs, await _members(pairs, info), strict=True)
            if any(member.user_id != viewer for member in found)
        }
        return [found.kind != ConversationKind.DIRECT or found.id in open_ for found in conversations]

    is_type_of = presents(ConversationRow)


async def _members(conversations: Sequence[ConversationRow], info: Info) -> list[list[ParticipantRow]]:
    """Who is in each of these conversations, as far as the viewer sees them, the first to join first."""
    loaders = info.context.loaders
    members = await loaders.participants_by_conversation_id.column([found.id for found in conversations])
    users = iter(await loaders.user_by_id.column([member.user_id for found in members for member in found]))
    return [[member for member in found if next(users) is not None] for found in members]
