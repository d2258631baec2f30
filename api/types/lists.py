"""Lists of people."""

from collections.abc import Awaitable, Sequence
from datetime import datetime

import strawberry

from api.context import Info
from api.execution.columns import computed, presents, relation
from api.gql.connections import connection
from api.gql.node import Node, node_id
from api.gql.pagination import Keyset, Page, Window
from api.gql.visibility import owned
from api.loaders.lists import MembersByListIdLoader
from api.types.users import NEWEST_FIRST, User, people
from db.queries.lists import ListRow
from db.queries.users import UserRow

MEMBERS = Keyset("members", NEWEST_FIRST)


@strawberry.type(name="UserList", description="A list of people that its owner keeps.")
class UserList(Node):
    id: strawberry.ID = node_id("UserList")
    name: str = strawberry.field(
        description="The name, up to 100 characters. No two lists of a person share one, in any mix of upper and "
        "lower case."
    )
    description: str | None = strawberry.field(description="What it is for, up to 500 characters; null when not said.")
    is_public: bool = strawberry.field(
        description="Whether everybody who sees its owner's profile sees it; only the owner does otherwise. Members "
        "are not notified either way."
    )
    created_at: datetime = strawberry.field(description="When it was created.")
    updated_at: datetime = strawberry.field(description="When its name, description or audience last changed.")

    @relation(graphql_type=User | None, description="Whose list it is; null only when they have just become invisible.")
    @staticmethod
    def owner(lists: Sequence[ListRow], info: Info) -> Awaitable[Sequence[UserRow | None]]:
        return info.context.loaders.user_by_id.column([found.user_id for found in lists])

    @relation(
        graphql_type=int,
        description="How many people are on it, counting also people the viewer cannot see. At most 1,000.",
    )
    @staticmethod
    def members_count(lists: Sequence[ListRow], info: Info) -> Awaitable[Sequence[int]]:
        loader = info.context.loaders.member_count_by_list_id
        return loader.column([found.id for found in lists], lambda count: 0 if count is None else count.total)

    @connection(
        User,
        keyset=MEMBERS,
        description="The people on it that the viewer may see, the latest addition first.",
    )
    @staticmethod
    def members(lists: Sequence[ListRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(MembersByListIdLoader, [found.id for found in lists], info, window)

    @computed(graphql_type=bool, description="Whether the viewer may change it: it is their own.")
    @staticmethod
    def viewer_can_edit(lists: Sequence[ListRow], info: Info) -> Sequence[bool]:
        return owned(lists, info.context)

    is_type_of = presents(ListRow)
