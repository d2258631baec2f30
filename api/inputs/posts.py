"""Inputs of the post mutations."""

from typing import Annotated

import strawberry
from pydantic import Field

from api.gql.validation import NotBlank


@strawberry.input(description="The input of `likePost`.")
class LikePostInput:
    post_id: strawberry.ID = strawberry.field(description="The post.")


@strawberry.input(description="The input of `unlikePost`.")
class UnlikePostInput:
    post_id: strawberry.ID = strawberry.field(description="The post.")


@strawberry.input(description="The input of `bookmarkPost`.")
class BookmarkPostInput:
    post_id: strawberry.ID = strawberry.field(description="The post.")


@strawberry.input(description="The input of `removeBookmark`.")
class RemoveBookmarkInput:
    post_id: strawberry.ID = strawberry.field(description="The post.")


@strawberry.input(description="The input of `addComment`.")
class AddCommentInput:
    post_id: strawberry.ID = strawberry.field(description="The post.")
    content: Annotated[str, Field(max_length=2_000), NotBlank] = strawberry.field(
        description="The text, 1 to 2,000 characters."
    )
    parent_id: strawberry.ID | None = strawberry.field(
        default=None, description="The comment on the same post to reply to; null comments on the post itself."
    )
