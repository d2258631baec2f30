"""Inputs of the comment mutations."""

from typing import Annotated

import strawberry
from pydantic import Field

from api.gql.validation import NotBlank
from api.inputs.idempotency import IdempotencyKey, idempotency_key
from api.inputs.ownership import Owned
from db.documents.document import Composed


@strawberry.input(description="The input of `addComment`.")
class AddCommentInput:
    post_id: strawberry.ID = strawberry.field(description="The post.")
    content: Annotated[str, Field(max_length=2_000), Composed, NotBlank] = strawberry.field(
        description="The text, in Markdown (CommonMark), 1 to 2,000 characters. The first 20 `@names`, "
        "but those in code and links, are mentions."
    )
    parent_id: strawberry.ID | None = strawberry.field(
        default=None, description="The comment on the same post to reply to; null comments on the post itself."
    )
    idempotency_key: IdempotencyKey = idempotency_key()


@strawberry.input(description="The input of `editComment`.")
class EditCommentInput:
    comment_id: strawberry.ID = strawberry.field(description="The comment.", directives=[Owned()])
    content: Annotated[str, Field(max_length=2_000), Composed, NotBlank] = strawberry.field(
        description="The new text, in Markdown (CommonMark), 1 to 2,000 characters; its mentions take the "
        "place of those of before."
    )


@strawberry.input(description="The input of `deleteComment`.")
class DeleteCommentInput:
    comment_id: strawberry.ID = strawberry.field(description="The comment: the viewer's, or on a post of the viewer.")


@strawberry.input(description="The input of `likeComment`.")
class LikeCommentInput:
    comment_id: strawberry.ID = strawberry.field(description="The comment.")


@strawberry.input(description="The input of `unlikeComment`.")
class UnlikeCommentInput:
    comment_id: strawberry.ID = strawberry.field(description="The comment.")
