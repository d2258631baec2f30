"""Answers to requests to follow."""

import strawberry

from api.context import Info
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.inputs.follow_requests import ApproveFollowRequestInput, RejectFollowRequestInput
from api.types.payloads import NewEdge, changed_viewer, edge_of, new_edge
from api.types.users import FOLLOWERS, User
from db.errors import NotFoundError
from db.queries import follow_requests, notifying, privacy
from db.queries.follow_requests import FollowRequestRow
from db.queries.sessions import SessionRow
from db.queries.users import UserRow


@strawberry.type(description="The result of `approveFollowRequest`.")
class ApproveFollowRequestPayload:
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the request, which is gone."
    )
    user: UserRow | None = strawberry.field(
        default=None, graphql_type=User | None, description="The person, who follows the viewer now."
    )
    follower_edge: NewEdge | None = edge_of(User, "The person as a new entry of the viewer's followers.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `rejectFollowRequest`.")
class RejectFollowRequestPayload:
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the request, which is gone."
    )
    user: UserRow | None = strawberry.field(default=None, graphql_type=User | None, description="The person.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class FollowRequestMutation:
    @mutation(
        description="Lets the person who made a request follow the viewer. User errors: NOT_FOUND (the request was "
        "answered or withdrawn, or it is not to follow the viewer)."
    )
    @staticmethod
    async def approve_follow_request(info: Info, input: ApproveFollowRequestInput) -> ApproveFollowRequestPayload:
        viewer, database = info.context.signed_in, info.context.database
        request = await _received(info, input.follow_request_id)
        await privacy.lock_pair(database, viewer, request.requester_id)
        follow = await follow_requests.approve_follow_request(database, viewer, request.id)
        if follow is None:
            raise NotFoundError(field=("follow_request_id",))
        await notifying.notify_follow(database, request.requester_id, viewer)
        user = await info.context.loaders.user_by_id.load(request.requester_id)
        edge = user and new_edge(FOLLOWERS, follow, user)
        return ApproveFollowRequestPayload(deleted_id=input.follow_request_id, user=user, follower_edge=edge)

    @mutation(
        description="Declines a request to follow the viewer and deletes it. The person is not notified and may ask "
        "again; block them to prevent it. User errors: NOT_FOUND (the request was answered or withdrawn, or it is not "
        "to follow the viewer)."
    )
    @staticmethod
    async def reject_follow_request(info: Info, input: RejectFollowRequestInput) -> RejectFollowRequestPayload:
        viewer, database = info.context.signed_in, info.context.database
        request = await _received(info, input.follow_request_id)
        await privacy.lock_pair(database, viewer, request.requester_id)
        if not await follow_requests.reject_follow_request(database, viewer, request.id):
            raise NotFoundError(field=("follow_request_id",))
        await notifying.withdraw_acquaintance(database, viewer, request.requester_id)
        user = await info.context.loaders.user_by_id.load(request.requester_id)
        return RejectFollowRequestPayload(deleted_id=input.follow_request_id, user=user)


async def _received(info: Info, global_id: strawberry.ID) -> FollowRequestRow:
    """A request to follow the viewer, which may be gone once the pair is locked."""
    request = await info.context.loaders.follow_request_by_id.load(decode(global_id, "FollowRequest"))
    if request is None or request.target_id != info.context.signed_in:
        raise NotFoundError(field=("follow_request_id",))
    return request
