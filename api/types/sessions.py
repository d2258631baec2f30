"""The viewer's sessions, one for each place where it is signed in."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from api.context import Info
from api.execution.columns import presents, relation
from api.gql.node import Node, node_id
from db.queries.sessions import DeviceRow


@strawberry.type(description="A place where the viewer is signed in. It ends seven days after its last use.")
class Session(Node):
    id: strawberry.ID = node_id("Session")
    user_agent: str | None = strawberry.field(
        description="What the program that signed in called itself; null when it did not."
    )
    address: str | None = strawberry.field(description="The network address it signed in from; null when not known.")
    created_at: datetime = strawberry.field(description="When the viewer signed in there.")
    last_used_at: datetime = strawberry.field(
        description="When it was last used; brought up to date once an hour at most."
    )
    expires_at: datetime = strawberry.field(description="When it ends if it is not used again.")

    @relation(graphql_type=bool, description="Whether this very request belongs to it.")
    @staticmethod
    async def is_current(devices: Sequence[DeviceRow], info: Info) -> Sequence[bool]:
        session = await info.context.session()
        return [session is not None and device.id == session.session_id for device in devices]

    is_type_of = presents(DeviceRow)
