"""Requests to follow people who approve their followers."""

from collections.abc import Awaitable, Sequence
from datetime import datetime

import strawberry

from api.context import Info
from api.execution.columns import presents, relation
from api.gql.node import Node, node_id
from api.types.users import User
from db.queries.follow_requests import FollowRequestRow
from db.queries.users import UserRow


@strawberry.type(
    description="A request to follow somebody who approves their followers. Only the two people see it, while they see "
    "each other. It is deleted when it is answered or withdrawn, or when one of them blocks the other."
)
class FollowRequest(Node):
    id: strawberry.ID = node_id("FollowRequest")
    created_at: datetime = strawberry.field(description="When it was made.")

    @relation(
        graphql_type=User | None, description="Who wants to follow; null only when they have just become invisible."
    )
    @staticmethod
    def requester(requests: Sequence[FollowRequestRow], info: Info) -> Awaitable[Sequence[UserRow | None]]:
        return info.context.loaders.user_by_id.column([request.requester_id for request in requests])

    @relation(
        graphql_type=User | None,
        description="Whom they want to follow; null only when they have just become invisible.",
    )
    @staticmethod
    def target(requests: Sequence[FollowRequestRow], info: Info) -> Awaitable[Sequence[UserRow | None]]:
        return info.context.loaders.user_by_id.column([request.target_id for request in requests])

    is_type_of = presents(FollowRequestRow)
