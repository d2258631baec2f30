"""Inputs of the post mutations."""

from typing import Annotated

import strawberry
from pydantic import Field

from api.gql.enums import PostType, Visibility
from api.gql.validation import NotBlank, OneLine, Tag


@strawberry.input(description="The input of `createPost`.")
class CreatePostInput:
    content: Annotated[str, Field(max_length=10_000), NotBlank] = strawberry.field(
        description="The text: 1 to 500 characters in TEXT_SHORT, 1 to 10,000 in TEXT_LONG. `#words` become tags."
    )
    type: PostType = strawberry.field(default=PostType.TEXT_SHORT, description="TEXT_SHORT or TEXT_LONG.")
    title: Annotated[str, Field(max_length=200), NotBlank, OneLine] | None = strawberry.field(
        default=None,
        description="The title: one line of up to 200 characters, without control characters or overrides of the "
        "text's direction.",
    )
    visibility: Visibility = strawberry.field(
        default=Visibility.PUBLIC, description="Who may see it, unless the profile is stricter."
    )
    tags: Annotated[list[Annotated[str, Tag]], Field(max_length=20)] = strawberry.field(
        default_factory=list,
        description="Tags besides those in the text, without `#`: letters, marks, digits and underscores, up to "
        "50 characters each; at most 20.",
    )


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
