"""Inputs of the mutations that repost and share."""

from typing import Annotated

import strawberry
from pydantic import Field

from api.gql.validation import NotBlank
from db.documents.document import Composed


@strawberry.input(description="The input of `repost`.")
class RepostInput:
    post_id: strawberry.ID = strawberry.field(description="The post.")
    comment: Annotated[str, Field(max_length=500), Composed, NotBlank] | None = strawberry.field(
        default=None, description="Words to go with it, 1 to 500 characters; null leaves those that are there."
    )


@strawberry.input(description="The input of `undoRepost`.")
class UndoRepostInput:
    post_id: strawberry.ID = strawberry.field(description="The post.")


@strawberry.input(description="The input of `sharePost`.")
class SharePostInput:
    post_id: strawberry.ID = strawberry.field(description="The post.")
