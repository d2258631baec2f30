"""Conversations: sending and reading messages."""

from typing import Annotated, Any

import strawberry

from api.context import Info
from api.gql.idempotency import Creation
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.permissions import active
from api.gql.user_errors import UserError
from api.inputs.conversations import (
    HideConversationInput,
    MarkConversationReadInput,
    MarkConversationUnreadInput,
    MuteConversationInput,
    SendMessageInput,
    UnmuteConversationInput,
)
from api.types.conversations import MESSAGES, Conversation, Message
from api.types.payloads import NewEdge, changed_viewer, edge_of, new_edge
from api.types.viewer import CONVERSATIONS
from db.errors import ForbiddenError, InvalidInputError, NotFoundError, SelfReferenceError
from db.pool import Database
from db.queries import conversations, messages, notifying
from db.queries.conversations import ConversationRow, MessageRow
from db.queries.sessions import SessionRow

_REFUSED = "This person does not take messages from you."


@strawberry.type(description="The result of `sendMessage`.")
class SendMessagePayload:
    message: MessageRow | None = strawberry.field(default=None, graphql_type=Message | None, description="The message.")
    message_edge: NewEdge | None = edge_of(Message, "The message as a new entry of the conversation.")
    conversation: ConversationRow | None = strawberry.field(
        default=None, graphql_type=Conversation | None, description="The conversation."
    )
    conversation_edge: NewEdge | None = edge_of(Conversation, "The conversation, now first in `viewer.conversations`.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


def _changed_conversation(description: str) -> Any:
    return strawberry.field(default=None, graphql_type=Conversation | None, description=description)


@strawberry.type(description="The result of `markConversationRead`.")
class MarkConversationReadPayload:
    conversation: ConversationRow | None = _changed_conversation("The conversation, with `unreadCount`.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `markConversationUnread`.")
class MarkConversationUnreadPayload:
    conversation: ConversationRow | None = _changed_conversation("The conversation, with `unreadCount`.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `muteConversation`.")
class MuteConversationPayload:
    conversation: ConversationRow | None = _changed_conversation("The conversation.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `unmuteConversation`.")
class UnmuteConversationPayload:
    conversation: ConversationRow | None = _changed_conversation("The conversation.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `hideConversation`.")
class HideConversationPayload:
    conversation: ConversationRow | None = _changed_conversation(
        "The conversation, without its messages so far. It is no longer in `viewer.conversations`."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


async def _sent(info: Info, message_id: int) -> SendMessagePayload:
    message = await info.context.loaders.message_by_id.load(message_id)
    conversation = message and await info.context.loaders.conversation_by_id.load(message.conversation_id)
    # What its sender may not see is not sent; and a retry does not give back what was deleted.
    if message is None or conversation is None or message.deleted_at is not None:
        raise NotFoundError(field=("conversation_id",))
    return SendMessagePayload(
        message=message,
        message_edge=new_edge(MESSAGES, message),
        conversation=conversation,
        conversation_edge=new_edge(CONVERSATIONS, conversation),
    )


@strawberry.type
class ConversationMutation:
    @mutation(
        description="Sends a message into a conversation or to a person. User errors: NOT_FOUND, FORBIDDEN (they "
        "take no messages from the viewer, or their account was deleted), BAD_USER_INPUT, CONFLICT.",
        creation=Creation("message", _sent),
    )
    @staticmethod
    async def send_message(info: Info, input: SendMessageInput) -> SendMessagePayload:
        database, viewer = info.context.database, info.context.signed_in
        match input.conversation_id, input.recipient_id:
            case (str() as conversation, None):
                conversation_id = await _joined(database, viewer, decode(conversation, "Conversation"))
            case (None, str() as recipient):
                conversation_id = await _direct(database, viewer, decode(recipient, "User"))
            case _:
                field = "conversation_id" if input.conversation_id is None else "recipient_id"
                raise InvalidInputError("Name a conversation or a recipient, and only one of the two.", field=(field,))
        sent = await conversations.insert_message(database, viewer, conversation_id, input.content)
        if sent is None:
            raise NotFoundError(field=("conversation_id",))
        if input.reply_to_id is not None:
            reply_to = decode(input.reply_to_id, "Message")
            if not await messages.reply_to_message(database, viewer, conversation_id, sent.id, reply_to):
                raise NotFoundError(field=("reply_to_id",))
        await conversations.touch_conversation(database, viewer, conversation_id, sent.id, sent.created_at)
        await notifying.notify_message(database, sent.id)
        return await _sent(info, sent.id)

    @mutation(
        description="Marks a conversation as read up to a message, on all devices, and what notified the viewer of it. "
        "Never moves backwards. User errors: NOT_FOUND."
    )
    @staticmethod
    async def mark_conversation_read(info: Info, input: MarkConversationReadInput) -> MarkConversationReadPayload:
        database, viewer = info.context.database, info.context.signed_in
        conversation_id = decode(input.conversation_id, "Conversation")
        if input.up_to_message_id is None:
            read = await conversations.mark_conversation_read(database, viewer, conversation_id)
        else:
            message_id = await _message_of(info, conversation_id, input.up_to_message_id, "up_to_message_id")
            read = await conversations.mark_conversation_read_to(database, viewer, conversation_id, message_id)
        if read:
            await notifying.read_notifications_of_conversation(database, viewer, conversation_id)
        return MarkConversationReadPayload(conversation=await _own(info, conversation_id, is_member=read))

    @mutation(description="Marks a conversation as unread from a message on, on all devices. User errors: NOT_FOUND.")
    @staticmethod
    async def mark_conversation_unread(info: Info, input: MarkConversationUnreadInput) -> MarkConversationUnreadPayload:
        database, viewer = info.context.database, info.context.signed_in
        conversation_id = decode(input.conversation_id, "Conversation")
        if input.from_message_id is None:
            latest = await conversations.latest_message_of_others(database, viewer, conversation_id)
            message_id = None if latest is None else latest.id
        else:
            message_id = await _message_of(info, conversation_id, input.from_message_id, "from_message_id")
        is_member = message_id is None or await conversations.mark_conversation_unread_from(
            database, viewer, conversation_id, message_id
        )
        return MarkConversationUnreadPayload(conversation=await _own(info, conversation_id, is_member=is_member))

    @mutation(
        description="Lets a conversation notify the viewer no more; its messages are counted as before. User errors: "
        "NOT_FOUND."
    )
    @staticmethod
    async def mute_conversation(info: Info, input: MuteConversationInput) -> MuteConversationPayload:
        return MuteConversationPayload(conversation=await _set_muted(info, input.conversation_id, muted=True))

    @mutation(description="Lets a conversation notify the viewer again. User errors: NOT_FOUND.")
    @staticmethod
    async def unmute_conversation(info: Info, input: UnmuteConversationInput) -> UnmuteConversationPayload:
        return UnmuteConversationPayload(conversation=await _set_muted(info, input.conversation_id, muted=False))

    @mutation(
        description="Takes a conversation out of the viewer's inbox, with its messages so far, for the viewer alone. "
        "The next message brings it back; those from before stay away. User errors: NOT_FOUND."
    )
    @staticmethod
    async def hide_conversation(info: Info, input: HideConversationInput) -> HideConversationPayload:
        database, viewer = info.context.database, info.context.signed_in
        conversation_id = decode(input.conversation_id, "Conversation")
        # No message may come between the one that is hidden last and what the inbox knows of it.
        locked = await conversations.lock_conversation(database, viewer, conversation_id)
        is_member = locked is not None and await conversations.hide_conversation(database, viewer, conversation_id)
        if is_member:
            await conversations.mark_conversation_read(database, viewer, conversation_id)
            await notifying.read_notifications_of_conversation(database, viewer, conversation_id)
        return HideConversationPayload(conversation=await _own(info, conversation_id, is_member=is_member))


@strawberry.type
class ConversationQuery:
    @strawberry.field(
        graphql_type=Conversation | None,
        description="A conversation that the viewer is in; null otherwise.",
        extensions=active(),
    )
    @staticmethod
    async def conversation(
        info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The id of the conversation.")]
    ) -> ConversationRow | None:
        return await info.context.loaders.conversation_by_id.load(decode(id, "Conversation"))


async def _own(info: Info, conversation_id: int, *, is_member: bool) -> ConversationRow:
    conversation = await info.context.loaders.conversation_by_id.load(conversation_id) if is_member else None
    if conversation is None:
        raise NotFoundError(field=("conversation_id",))
    return conversation


async def _message_of(info: Info, conversation_id: int, given: str, field: str) -> int:
    message = await info.context.loaders.message_by_id.load(decode(given, "Message"))
    if message is None or message.conversation_id != conversation_id:
        raise NotFoundError(field=(field,))
    return message.id


async def _set_muted(info: Info, given: str, *, muted: bool) -> ConversationRow:
    conversation_id, viewer = decode(given, "Conversation"), info.context.signed_in
    is_member = await conversations.set_conversation_muted(info.context.database, viewer, conversation_id, muted=muted)
    return await _own(info, conversation_id, is_member=is_member)


async def _joined(database: Database, viewer: int, conversation_id: int) -> int:
    """Lock a conversation that the viewer may write into: message ids then come in the order of their commits."""
    if await conversations.lock_conversation(database, viewer, conversation_id) is None:
        raise NotFoundError(field=("conversation_id",))
    if await conversations.blocked_in_conversation(database, viewer, conversation_id) is not None:
        raise ForbiddenError(_REFUSED, field=("conversation_id",))
    return conversation_id


async def _direct(database: Database, viewer: int, recipient_id: int) -> int:
    """The direct conversation with a person who takes messages from the viewer, made and locked as needed."""
    if recipient_id == viewer:
        raise SelfReferenceError("You cannot write to yourself.", field=("recipient_id",))
    found = await conversations.recipients_by_ids(database, viewer, [recipient_id])
    if not found:
        raise NotFoundError(field=("recipient_id",))
    if not found[0].allowed:
        raise ForbiddenError(_REFUSED, field=("recipient_id",))
    conversation = await conversations.ensure_direct_conversation(database, viewer, recipient_id)
    if conversation is None:
        raise NotFoundError(field=("recipient_id",))
    await conversations.ensure_members(database, conversation.id, [viewer, recipient_id])
    return conversation.id
