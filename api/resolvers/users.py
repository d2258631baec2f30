"""Users: look-up, and following."""

from typing import Annotated

import strawberry

from api.context import Info
from api.following.follows import follow
from api.gql.ids import decode, encode
from api.gql.mutation import mutation, user_errors
from api.gql.permissions import active
from api.gql.target_users import other_user, visible_user
from api.gql.user_errors import UserError
from api.inputs.users import FollowInput, UnfollowInput
from api.types.follow_requests import FollowRequest
from api.types.payloads import changed_viewer
from api.types.users import User
from db.queries import follow_requests, notifying, privacy, users
from db.queries.follow_requests import FollowRequestRow
from db.queries.sessions import SessionRow
from db.queries.users import UserRow

Username = Annotated[str, strawberry.argument(description="The user name, in any mix of upper and lower case.")]


@strawberry.type
class UserQuery:
    @strawberry.field(
        graphql_type=User | None,
        description="A user by name; null when there is none or the viewer may not see them.",
        extensions=active(),
    )
    async def user(self, info: Info, username: Username) -> UserRow | None:
        found = await users.user_id_by_username(info.context.database, info.context.viewer_id, username)
        return None if found is None else await info.context.loaders.user_by_id.load(found.id)


@strawberry.type(description="The result of `follow`.")
class FollowPayload:
    user: UserRow | None = strawberry.field(
        default=None,
        graphql_type=User | None,
        description="The person; `viewerFollows`, `viewerFollowRequest`, `isFriend` and counts are up to date.",
    )
    follow_request: FollowRequestRow | None = strawberry.field(
        default=None,
        graphql_type=FollowRequest | None,
        description="The request, where the person approves their followers; null when the viewer follows.",
    )
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The id of an earlier request that was no longer needed, since the person's profile has become "
        "public; null when there was none.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `unfollow`.")
class UnfollowPayload:
    user: UserRow | None = strawberry.field(
        default=None, graphql_type=User | None, description="The person, with counts up to date."
    )
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the withdrawn request; null when there was none."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class UserMutation:
    @mutation(
        description="Follows a person. Somebody whose profile is not PUBLIC approves their followers: this makes a "
        "request, which they answer and `unfollow` withdraws. Two who follow each other are friends. Following or "
        "asking twice is no error. User errors: NOT_FOUND, BAD_USER_INPUT (oneself)."
    )
    @staticmethod
    async def follow(info: Info, input: FollowInput) -> FollowPayload:
        user, request, deleted_id = await follow(info, other_user(info, input.user_id))
        return FollowPayload(user=user, follow_request=request, deleted_id=deleted_id)

    @mutation(
        description="Stops following a person, which ends a friendship, or withdraws the request to follow them. Not "
        "following is no error. Where the person approves their followers, the viewer has to ask again. User errors: "
        "NOT_FOUND."
    )
    @staticmethod
    async def unfollow(info: Info, input: UnfollowInput) -> UnfollowPayload:
        viewer, database, user_id = info.context.signed_in, info.context.database, decode(input.user_id, "User")
        await privacy.lock_pair(database, viewer, user_id)
        unfollowed = await users.unfollow_user(database, viewer, user_id)
        deleted = await follow_requests.withdraw_follow_request(database, viewer, user_id)
        if unfollowed or deleted is not None:
            await notifying.withdraw_acquaintance(database, viewer, user_id)
        deleted_id = None if deleted is None else encode("FollowRequest", deleted)
        return UnfollowPayload(user=await visible_user(info, user_id), deleted_id=deleted_id)
