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
    description="A block by the viewer. The viewer does not see the person anywhere else, so this holds what "
    "it takes to end the block."
)
class BlockedUser(Node):
    id: strawberry.ID = node_id("BlockedUser")
    username: str = strawberry.field(description="The person's user name.")

    @computed(graphql_type=strawberry.ID, description="The id of the person.")
    @staticmethod
    def user_id(blocked: Sequence[BlockedUserRow], _info: Info) -> Sequence[strawberry.ID]:
        return ids.encode_all("User", [user.id for user in blocked])

    @computed(graphql_type=datetime, description="Since when the block has been in force.")
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
        description="Who may begin to write to the viewer; somebody blocked never may."
    )
    show_followers: bool = strawberry.field(
        description="Whether those who see the profile also see the viewer's followers, follows and friends, and "
        "how many."
    )
    discoverable_in_feeds: bool = strawberry.field(
        description="Whether feeds of people who do not follow the viewer may contain the viewer's posts. These can be "
        "found all the same: on the profile, by tags and search, and where much is liked: `discover` and `trending`."
    )

    is_type_of = presents(PrivacyRow)
