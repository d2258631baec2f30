"""Inputs of the conversation mutations."""

from typing import Annotated

import strawberry
from pydantic import Field

from api.gql.validation import NotBlank
from api.inputs.idempotency import IdempotencyKey, idempotency_key
from api.inputs.ownership import Owned
from db.documents.document import Composed


@strawberry.input(description="The input of `sendMessage`.")
class SendMessageInput:
    content: Annotated[str, Field(max_length=5_000), Composed, NotBlank] = strawberry.field(
        description="The text, 1 to 5,000 characters."
    )
    conversation_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="A conversation the viewer is in; any other answers NOT_FOUND. Either this or "
        "`recipientId` must be given.",
    )
    recipient_id: strawberry.ID | None = strawberry.field(
        default=None, description="A person; the direct conversation is created when there is none."
    )
    idempotency_key: IdempotencyKey = idempotency_key()


@strawberry.input(description="The input of `markConversationRead`.")
class MarkConversationReadInput:
    conversation_id: strawberry.ID = strawberry.field(
        description="The conversation. Must be the viewer's own; somebody else's answers NOT_FOUND.",
        directives=[Owned()],
    )
    up_to_message_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The last message read. When null, the latest one, even if it came after the conversation was "
        "shown.",
    )
