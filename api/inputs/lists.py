"""Inputs of lists of people."""

from typing import Annotated

import strawberry
from pydantic import Field

from api.gql.validation import Name
from api.inputs.idempotency import IdempotencyKey, idempotency_key
from api.inputs.ownership import Owned
from db.documents.document import Composed

Description = Annotated[str, Field(max_length=500), Composed]
_THE_LIST = "The list. Must be the viewer's own; anything else answers NOT_FOUND."


@strawberry.input(description="The input of `createList`.")
class CreateListInput:
    name: Name = strawberry.field(
        description="The name: one line of 1 to 100 characters, which no other list of the viewer has."
    )
    description: Description | None = strawberry.field(
        default=None, description="What it is for, up to 500 characters."
    )
    is_public: bool = strawberry.field(
        default=False, description="Whether everybody who sees the viewer's profile sees it."
    )
    user_ids: Annotated[list[strawberry.ID], Field(max_length=100)] = strawberry.field(
        default_factory=list, description="Its first members; at most 100."
    )
    idempotency_key: IdempotencyKey = idempotency_key()


@strawberry.input(description="The input of `updateList`. What is absent or null stays as it is.")
class UpdateListInput:
    list_id: strawberry.ID = strawberry.field(description=_THE_LIST, directives=[Owned()])
    name: Name | None = strawberry.field(
        default=None,
        description="The new name: one line of 1 to 100 characters, which no other list of the viewer has.",
    )
    description: Description | None = strawberry.field(
        default=None, description="The new description, up to 500 characters; an empty text removes it."
    )
    is_public: bool | None = strawberry.field(
        default=None, description="Whether everybody who sees the viewer's profile sees it."
    )


@strawberry.input(description="The input of `deleteList`.")
class DeleteListInput:
    list_id: strawberry.ID = strawberry.field(description=_THE_LIST, directives=[Owned()])


@strawberry.input(description="The input of `addListMember`.")
class AddListMemberInput:
    list_id: strawberry.ID = strawberry.field(description=_THE_LIST, directives=[Owned()])
    user_id: strawberry.ID = strawberry.field(description="The person.")


@strawberry.input(description="The input of `removeListMember`.")
class RemoveListMemberInput:
    list_id: strawberry.ID = strawberry.field(description=_THE_LIST, directives=[Owned()])
    user_id: strawberry.ID = strawberry.field(description="The person.")
