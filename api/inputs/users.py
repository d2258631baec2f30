"""Inputs of following."""

import strawberry


@strawberry.input(description="Whom to follow.")
class FollowInput:
    user_id: strawberry.ID = strawberry.field(description="The id of the user.")


@strawberry.input(description="Whom to follow no longer.")
class UnfollowInput:
    user_id: strawberry.ID = strawberry.field(description="The id of the user.")
