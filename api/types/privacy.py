"""Whom the viewer blocks, and what it lets others see and do."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from api.context import Info
from api.execution.columns import computed, presents
from api.gql import ids
from api.gql.enums import MessageAudience, Visibility
from api.gql.node import Node, node_id
from db.queries.privacy import BlockedUserRow, PrivacyRow


@strawberry.type(
    description="A person whom the viewer has blocked. Neither finds the other anywhere; this entry is what is left to "
    "undo it."
)
class BlockedUser(Node):
    id: strawberry.ID = node_id("BlockedUser")
    username: str = strawberry.field(description="Their user name.")

    @computed(graphql_type=strawberry.ID, description="The id of the user, which `unblockUser` takes.")
    @staticmethod
    def user_id(blocked: Sequence[BlockedUserRow], _info: Info) -> Sequence[strawberry.ID]:
        return ids.encode_all("User", [user.id for user in blocked])

    @computed(graphql_type=datetime, description="Since when the viewer has been blocking the user.")
    @staticmethod
    def blocked_at(blocked: Sequence[BlockedUserRow], _info: Info) -> Sequence[datetime]:
        return [user.created_at for user in blocked]

    is_type_of = presents(BlockedUserRow)


@strawberry.type(description="What the viewer lets others see and do.")
class Privacy(Node):
    id: strawberry.ID = node_id("Privacy", key="user_id")
    profile_visibility: Visibility = strawberry.field(
        description="Who may see the viewer's profile and, whatever they say themselves, the viewer's posts."
    )
    allow_messages_from: MessageAudience = strawberry.field(
        description="Who may begin to write to the viewer, blocks aside."
    )
    show_followers: bool = strawberry.field(
        description="Whether those who see the profile see whom the viewer knows: followers, follows and friends."
    )

    is_type_of = presents(PrivacyRow)
