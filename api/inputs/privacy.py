"""Inputs of blocking, muting and privacy."""

import strawberry

from api.gql.enums import MessageAudience, Visibility


@strawberry.input(description="Whom to block.")
class BlockUserInput:
    user_id: strawberry.ID = strawberry.field(description="The id of the user.")


@strawberry.input(description="Whom to block no longer.")
class UnblockUserInput:
    user_id: strawberry.ID = strawberry.field(description="The id of the user.")


@strawberry.input(description="Whom to mute.")
class MuteUserInput:
    user_id: strawberry.ID = strawberry.field(description="The id of the user.")


@strawberry.input(description="Whom to mute no longer.")
class UnmuteUserInput:
    user_id: strawberry.ID = strawberry.field(description="The id of the user.")


@strawberry.input(description="Who shall not follow the viewer any more.")
class RemoveFollowerInput:
    user_id: strawberry.ID = strawberry.field(description="The id of the follower.")


@strawberry.input(description="What to change of the viewer's privacy; what is null or left out stays as it is.")
class UpdatePrivacyInput:
    profile_visibility: Visibility | None = strawberry.field(
        default=None, description="Who may see the viewer's profile and posts."
    )
    allow_messages_from: MessageAudience | None = strawberry.field(
        default=None, description="Who may begin to write to the viewer."
    )
    show_followers: bool | None = strawberry.field(
        default=None, description="Whether others see the viewer's followers, follows and friends."
    )
