"""Inputs of the mutations of groups."""

from typing import Annotated, Any

import strawberry
from pydantic import Field

from api.gql.conversation_enums import ConversationRole
from api.gql.validation import Name
from api.inputs.idempotency import IdempotencyKey, idempotency_key
from api.inputs.ownership import Owned

People = Annotated[list[strawberry.ID], Field(min_length=1, max_length=49)]


def _own_group() -> Any:
    return strawberry.field(
        description="The group. The viewer must be in it; any other answers NOT_FOUND.", directives=[Owned()]
    )


@strawberry.input(description="The input of `createConversation`.")
class CreateConversationInput:
    title: Name = strawberry.field(description="The title: one line of 1 to 100 characters.")
    user_ids: People = strawberry.field(description="The other members; 1 to 49.")
    idempotency_key: IdempotencyKey = idempotency_key()


@strawberry.input(description="The input of `updateConversation`.")
class UpdateConversationInput:
    conversation_id: strawberry.ID = _own_group()
    title: Name = strawberry.field(description="The new title: one line of 1 to 100 characters.")


@strawberry.input(description="The input of `addConversationMembers`.")
class AddConversationMembersInput:
    conversation_id: strawberry.ID = _own_group()
    user_ids: People = strawberry.field(description="The people; 1 to 49.")


@strawberry.input(description="The input of `removeConversationMember`.")
class RemoveConversationMemberInput:
    conversation_id: strawberry.ID = _own_group()
    user_id: strawberry.ID = strawberry.field(description="The person, whether the viewer sees them or not.")


@strawberry.input(description="The input of `setConversationRole`.")
class SetConversationRoleInput:
    conversation_id: strawberry.ID = _own_group()
    user_id: strawberry.ID = strawberry.field(description="The member.")
    role: ConversationRole = strawberry.field(description="The new role.")


@strawberry.input(description="The input of `leaveConversation`.")
class LeaveConversationInput:
    conversation_id: strawberry.ID = _own_group()
