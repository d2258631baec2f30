"""Messages: changing and deleting one's own."""

import strawberry

from api.context import Info
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.inputs.conversations import DeleteMessageInput, EditMessageInput
from api.types.conversations import Conversation, Message
from api.types.payloads import changed_viewer
from db.errors import ForbiddenError, NotFoundError
from db.pool import Database
from db.queries import conversations, messages, notifying
from db.queries.conversations import ConversationRow, MessageRow
from db.queries.sessions import SessionRow


@strawberry.type(description="The result of `editMessage`.")
class EditMessagePayload:
    message: MessageRow | None = strawberry.field(default=None, graphql_type=Message | None, description="The message.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `deleteMessage`.")
class DeleteMessagePayload:
    message: MessageRow | None = strawberry.field(
        default=None, graphql_type=Message | None, description="The blank that stays in its place."
    )
    conversation: ConversationRow | None = strawberry.field(
        default=None, graphql_type=Conversation | None, description="The conversation."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class MessageMutation:
    @mutation(
        description="Changes the text of a message that the viewer sent, within a day. The same text again changes "
        "nothing. User errors: NOT_FOUND, FORBIDDEN (it is older than a day, or was deleted; or nothing can be sent "
        "there any more), BAD_USER_INPUT."
    )
    @staticmethod
    async def edit_message(info: Info, input: EditMessageInput) -> EditMessagePayload:
        database, viewer = info.context.database, info.context.signed_in
        message_id = decode(input.message_id, "Message")
        edited = await messages.edit_message(database, viewer, message_id, input.content)
        if edited is not None:
            await _require_open(database, viewer, edited.conversation_id)
        if edited is not None and edited.is_changed:
            await notifying.requote_message(database, message_id)
        message = await _own_message(info, message_id)
        if edited is None:
            raise ForbiddenError("A message can be changed for a day, unless it was deleted.", field=("message_id",))
        return EditMessagePayload(message=message)

    @mutation(
        description="Deletes a message that the viewer sent, for all: a blank stays in its place. To delete it again "
        "is no error. User errors: NOT_FOUND."
    )
    @staticmethod
    async def delete_message(info: Info, input: DeleteMessageInput) -> DeleteMessagePayload:
        database, message_id = info.context.database, decode(input.message_id, "Message")
        if await messages.delete_message(database, info.context.signed_in, message_id) is None:
            raise NotFoundError(field=("message_id",))
        await notifying.delete_notifications_of_message(database, message_id)
        message = await _own_message(info, message_id)
        conversation = await info.context.loaders.conversation_by_id.load(message.conversation_id)
        return DeleteMessagePayload(message=message, conversation=conversation)


async def _require_open(database: Database, viewer: int, conversation_id: int) -> None:
    if await conversations.blocked_in_conversation(database, viewer, conversation_id) is not None:
        raise ForbiddenError("This person does not take messages from you.", field=("message_id",))


async def _own_message(info: Info, message_id: int) -> MessageRow:
    message = await info.context.loaders.message_by_id.load(message_id)
    if message is None or message.sender_id != info.context.viewer_id:
        raise NotFoundError(field=("message_id",))
    return message
