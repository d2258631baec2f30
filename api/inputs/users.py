"""Inputs of following."""

import strawberry


@strawberry.input(description="The input of `follow`.")
class FollowInput:
    user_id: strawberry.ID = strawberry.field(description="The person.")


@strawberry.input(description="The input of `unfollow`.")
class UnfollowInput:
    user_id: strawberry.ID = strawberry.field(description="The person.")
