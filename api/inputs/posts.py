"""Inputs of the post mutations."""

from typing import Annotated

import strawberry
from pydantic import Field


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


@strawberry.input(description="The input of `markSeen`.")
class MarkSeenInput:
    post_ids: Annotated[list[strawberry.ID], Field(min_length=1, max_length=100)] = strawberry.field(
        description="The posts; 1 to 100."
    )
