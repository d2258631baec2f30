"""Inputs of the conversation mutations."""

from typing import Annotated

import strawberry
from pydantic import Field

from api.gql.validation import NotBlank


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
