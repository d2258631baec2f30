"""Friend requests: following, for apps that speak of friends. Two who follow each other are friends."""

import strawberry

from api.context import Info
from api.following.follows import follow, remove_follower
from api.gql.mutation import mutation, user_errors
from api.gql.target_users import other_user
from api.gql.user_errors import UserError
from api.inputs.friend_requests import RespondToFriendRequestInput, SendFriendRequestInput
from api.types.follow_requests import FollowRequest
from api.types.payloads import changed_viewer
from api.types.users import User
from db.errors import NotFoundError
from db.queries import privacy, users
from db.queries.follow_requests import FollowRequestRow
from db.queries.sessions import SessionRow
from db.queries.users import UserRow


@strawberry.type(description="The result of `sendFriendRequest`.")
class SendFriendRequestPayload:
    user: UserRow | None = strawberry.field(
        default=None,
        graphql_type=User | None,
        description="The person; `isFriend` is true when they follow the viewer already.",
    )
    follow_request: FollowRequestRow | None = strawberry.field(
        default=None,
        graphql_type=FollowRequest | None,
        description="The request to follow, where the person approves their followers; null when the viewer follows.",
    )
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The id of an earlier request to follow that was no longer needed, since the person's profile has "
        "become public; null when there was none.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `respondToFriendRequest`.")
class RespondToFriendRequestPayload:
    user: UserRow | None = strawberry.field(
        default=None,
        graphql_type=User | None,
        description="The person: a friend now, or one who no longer follows the viewer.",
    )
    follow_request: FollowRequestRow | None = strawberry.field(
        default=None,
        graphql_type=FollowRequest | None,
        description="The request to follow back, where the person approves their followers: they are friends when it "
        "is approved. Null otherwise.",
    )
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The id of an earlier request to follow that was no longer needed, since the person's profile has "
        "become public; null when there was none.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class FriendRequestMutation:
    @mutation(
        description="Asks a person to be friends: the same as `follow`, for apps that speak of friends. They find the "
        "viewer in their `friendRequests` or, where they approve their followers, in their `followRequests`, and "
        "`unfollow` withdraws it. Asking twice is no error. User errors: NOT_FOUND, BAD_USER_INPUT (oneself)."
    )
    @staticmethod
    async def send_friend_request(info: Info, input: SendFriendRequestInput) -> SendFriendRequestPayload:
        user, request, deleted_id = await follow(info, other_user(info, input.user_id))
        return SendFriendRequestPayload(user=user, follow_request=request, deleted_id=deleted_id)

    @mutation(
        description="Answers a person who follows the viewer without being followed back: follows them as `follow` "
        "does, or removes them as a follower as `removeFollower` does. The same answer twice is no error. User errors: "
        "NOT_FOUND (no such person, no request of theirs to accept, or one to reject that has been accepted), "
        "BAD_USER_INPUT (oneself)."
    )
    @staticmethod
    async def respond_to_friend_request(
        info: Info, input: RespondToFriendRequestInput
    ) -> RespondToFriendRequestPayload:
        user_id = other_user(info, input.user_id)
        viewer, database = info.context.signed_in, info.context.database
        await privacy.lock_pair(database, viewer, user_id)
        # Not by its loader, which would keep for the payload what is changed next.
        found = await users.viewer_relations_by_user_ids(database, viewer, [user_id])
        relations = {row.relation for row in found}
        waits = "followed_by" in relations if input.accept else "friend" not in relations
        if not waits:
            raise NotFoundError(field=("user_id",))
        if not input.accept:
            return RespondToFriendRequestPayload(user=await remove_follower(info, user_id))
        user, request, deleted_id = await follow(info, user_id)
        return RespondToFriendRequestPayload(user=user, follow_request=request, deleted_id=deleted_id)
