"""Reposts."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.context import Info
from api.execution.columns import presents, relation
from api.gql.node import Node, node_id
from api.types.users import User
from db.queries.posts import PostRow
from db.queries.reposts import RepostRow
from db.queries.users import UserRow

if TYPE_CHECKING:
    from api.types.posts import Post

LazyPost = Annotated["Post", strawberry.lazy("api.types.posts")]


@strawberry.type(
    description="A person's repost of a post, with words of their own or without. Whoever may see the post and the "
    "person's profile sees it: a repost shows a post to nobody who could not see it before."
)
class Repost(Node):
    id: strawberry.ID = node_id("Repost")
    comment: str | None = strawberry.field(
        description="The person's words, up to 500 characters; null when there are none."
    )
    created_at: datetime = strawberry.field(description="When it was reposted.")

    @relation(
        graphql_type=User | None, description="Who reposted it; null only when the account has just been deleted."
    )
    @staticmethod
    def user(reposts: Sequence[RepostRow], info: Info) -> Awaitable[Sequence[UserRow | None]]:
        return info.context.loaders.user_by_id.column([repost.user_id for repost in reposts])

    @relation(graphql_type=LazyPost | None, description="The post; null only when it has just been deleted or hidden.")
    @staticmethod
    def post(reposts: Sequence[RepostRow], info: Info) -> Awaitable[Sequence[PostRow | None]]:
        return info.context.loaders.post_by_id.column([repost.post_id for repost in reposts])

    is_type_of = presents(RepostRow)
