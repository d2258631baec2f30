"""Inputs of answers to requests to follow."""

import strawberry

from api.inputs.ownership import Owned


@strawberry.input(description="The input of `approveFollowRequest`.")
class ApproveFollowRequestInput:
    follow_request_id: strawberry.ID = strawberry.field(
        description="The request. Must be to follow the viewer; anything else answers NOT_FOUND.", directives=[Owned()]
    )


@strawberry.input(description="The input of `rejectFollowRequest`.")
class RejectFollowRequestInput:
    follow_request_id: strawberry.ID = strawberry.field(
        description="The request. Must be to follow the viewer; anything else answers NOT_FOUND.", directives=[Owned()]
    )
