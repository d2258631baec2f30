"""Inputs of the conversation mutations."""

from typing import Annotated

import strawberry
from pydantic import Field

from api.gql.validation import NotBlank
from api.inputs.ownership import Owned


@strawberry.input(description="A message to send: into a conversation, or to a person. Name one of the two.")
class SendMessageInput:
    content: Annotated[str, Field(max_length=5_000), NotBlank] = strawberry.field(
        description="The text; up to 5,000 characters."
    )
    conversation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of a conversation that the viewer is in."
    )
    recipient_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of a user; the direct conversation is made when it is not there."
    )


@strawberry.input(description="Up to where a conversation was read.")
class MarkConversationReadInput:
    conversation_id: strawberry.ID = strawberry.field(
        description="The conversation. Must be the viewer's own; anything else answers NOT_FOUND.",
        directives=[Owned()],
    )
    up_to_message_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The last message that was read; null for the latest one, even if it came after the conversation "
        "was shown.",
    )
