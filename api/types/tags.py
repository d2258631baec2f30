"""Tags: words that group posts."""

from collections.abc import Awaitable, Sequence
from typing import Annotated

import strawberry

from api.context import Info
from api.execution.columns import presents, relation
from api.gql.connections import After, Before, Connection, First, Last
from api.gql.node import Node, node_id
from api.gql.pagination import Page, Relay
from api.gql.search_enums import TagPostSort
from api.loaders.search import tag_counts, tagged_posts
from api.types.posts import Post
from db.queries.posts import PostRow
from db.queries.tags import TagRow

Sort = Annotated[TagPostSort, strawberry.argument(description="The order. A cursor belongs to one order.")]


@strawberry.type(description="A word that groups posts.")
class Tag(Node):
    id: strawberry.ID = node_id("Tag", key="name")
    name: str = strawberry.field(description="The tag in lower case without `#`.")

    @relation(
        graphql_type=int,
        description="How many public posts by active people with a public profile have it, counted up to 1,000.",
    )
    @staticmethod
    def posts_count(tags: Sequence[TagRow], info: Info) -> Awaitable[Sequence[int]]:
        return tag_counts(info.context, [tag.name for tag in tags])

    @relation(
        graphql_type=Connection[Post] | None,
        description="Posts that have it and that the viewer may see.",
    )
    @staticmethod
    async def posts(
        tags: Sequence[TagRow],
        info: Info,
        *,
        sort: Sort = TagPostSort.RECENT,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Sequence[Page[PostRow]]:
        relay = Relay(first, after, last, before)
        return await tagged_posts(info.context, info.context.loaders, [tag.name for tag in tags], sort.value, relay)

    is_type_of = presents(TagRow)
