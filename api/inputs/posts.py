"""Inputs of the post mutations."""

from typing import Annotated

import strawberry
from pydantic import Field

from api.gql.enums import PostType, Visibility
from api.gql.validation import NotBlank, OneLine, Tag


@strawberry.input(description="A post to publish.")
class CreatePostInput:
    content: Annotated[str, Field(max_length=10_000), NotBlank] = strawberry.field(
        description="The text: up to 500 characters in a short one, up to 10,000 in a long one. `#words` become tags."
    )
    type: PostType = strawberry.field(default=PostType.TEXT_SHORT, description="TEXT_SHORT or TEXT_LONG.")
    title: Annotated[str, Field(max_length=200), NotBlank, OneLine] | None = strawberry.field(
        default=None,
        description="The title: one line of up to 200 characters, without control characters or overrides of the "
        "text's direction.",
    )
    visibility: Visibility = strawberry.field(
        default=Visibility.PUBLIC, description="Who may see it, if the author's profile is not stricter."
    )
    tags: Annotated[list[Annotated[str, Tag]], Field(max_length=20)] = strawberry.field(
        default_factory=list,
        description="Tags beside those in the text, without `#`; up to 20 words of 50 letters, digits or `_`.",
    )


@strawberry.input(description="The post to like.")
class LikePostInput:
    post_id: strawberry.ID = strawberry.field(description="The id of the post.")


@strawberry.input(description="The post to take a like back from.")
class UnlikePostInput:
    post_id: strawberry.ID = strawberry.field(description="The id of the post.")


@strawberry.input(description="A comment to add.")
class AddCommentInput:
    post_id: strawberry.ID = strawberry.field(description="The id of the post that it is on.")
    content: Annotated[str, Field(max_length=2_000), NotBlank] = strawberry.field(
        description="The text; up to 2,000 characters."
    )
    parent_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the comment on the same post that it replies to."
    )
