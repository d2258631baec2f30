"""Inputs of friend requests."""

import strawberry


@strawberry.input(description="The input of `sendFriendRequest`.")
class SendFriendRequestInput:
    user_id: strawberry.ID = strawberry.field(description="The person.")


@strawberry.input(description="The input of `respondToFriendRequest`.")
class RespondToFriendRequestInput:
    user_id: strawberry.ID = strawberry.field(description="The person, one of `viewer.friendRequests`.")
    accept: bool = strawberry.field(description="true follows them back, false removes them as a follower.")
