"""Inputs of the post mutations."""

import strawberry


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
