"""Inputs of the conversation mutations."""

from typing import Annotated, Any

import strawberry
from pydantic import Field

from api.gql.validation import NotBlank
from api.inputs.idempotency import IdempotencyKey, idempotency_key
from api.inputs.ownership import Owned
from db.documents.document import Composed

Text = Annotated[str, Field(max_length=5_000), Composed, NotBlank]


def _own_conversation() -> Any:
    return strawberry.field(
        description="The conversation. Must be the viewer's own; somebody else's answers NOT_FOUND.",
        directives=[Owned()],
    )


def _own_message() -> Any:
    return strawberry.field(
        description="The message. Must be the viewer's own; somebody else's answers NOT_FOUND.", directives=[Owned()]
    )


@strawberry.input(description="The input of `sendMessage`.")
class SendMessageInput:
    content: Text = strawberry.field(description="The text, 1 to 5,000 characters.")
    conversation_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="A conversation the viewer is in; any other answers NOT_FOUND. Either this or "
        "`recipientId` must be given.",
    )
    recipient_id: strawberry.ID | None = strawberry.field(
        default=None, description="A person; the direct conversation is created when there is none."
    )
    reply_to_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="A message of the same conversation to reply to. One that the viewer cannot see, or that was "
        "deleted, answers NOT_FOUND.",
    )
    idempotency_key: IdempotencyKey = idempotency_key()


@strawberry.input(description="The input of `markConversationRead`.")
class MarkConversationReadInput:
    conversation_id: strawberry.ID = _own_conversation()
    up_to_message_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The last message read. When null, the latest one, even if it came after the conversation was "
        "shown.",
    )


@strawberry.input(description="The input of `markConversationUnread`.")
class MarkConversationUnreadInput:
    conversation_id: strawberry.ID = _own_conversation()
    from_message_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The first message that counts as unread. When null, the latest of others: where there is none, "
        "nothing changes.",
    )


@strawberry.input(description="The input of `muteConversation`.")
class MuteConversationInput:
    conversation_id: strawberry.ID = _own_conversation()


@strawberry.input(description="The input of `unmuteConversation`.")
class UnmuteConversationInput:
    conversation_id: strawberry.ID = _own_conversation()


@strawberry.input(description="The input of `hideConversation`.")
class HideConversationInput:
    conversation_id: strawberry.ID = _own_conversation()


@strawberry.input(description="The input of `editMessage`.")
class EditMessageInput:
    message_id: strawberry.ID = _own_message()
    content: Text = strawberry.field(description="The new text, 1 to 5,000 characters.")


@strawberry.input(description="The input of `deleteMessage`.")
class DeleteMessageInput:
    message_id: strawberry.ID = _own_message()
