"""Inputs of blocking, muting and privacy."""

import strawberry

from api.gql.enums import MessageAudience, Visibility


@strawberry.input(description="The input of `blockUser`.")
class BlockUserInput:
    user_id: strawberry.ID = strawberry.field(description="The person.")


@strawberry.input(description="The input of `unblockUser`.")
class UnblockUserInput:
    user_id: strawberry.ID = strawberry.field(description="The id of the user.")


@strawberry.input(description="The input of `muteUser`.")
class MuteUserInput:
    user_id: strawberry.ID = strawberry.field(description="The person.")


@strawberry.input(description="The input of `unmuteUser`.")
class UnmuteUserInput:
    user_id: strawberry.ID = strawberry.field(description="The person.")


@strawberry.input(description="The input of `removeFollower`.")
class RemoveFollowerInput:
    user_id: strawberry.ID = strawberry.field(description="The follower.")


@strawberry.input(description="The input of `updatePrivacy`.")
class UpdatePrivacyInput:
    profile_visibility: Visibility | None = strawberry.field(
        default=None,
        description="Who may see the viewer's profile and posts. Unless it is PUBLIC, new followers need the viewer's "
        "approval.",
    )
    allow_messages_from: MessageAudience | None = strawberry.field(
        default=None, description="Who may begin to write to the viewer."
    )
    show_followers: bool | None = strawberry.field(
        default=None, description="Whether others see the viewer's followers, follows and friends."
    )
    discoverable_in_feeds: bool | None = strawberry.field(
        default=None, description="Whether feeds of people who do not follow the viewer may contain the viewer's posts."
    )
