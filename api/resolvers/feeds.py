"""Custom feeds: look-up."""

from typing import Annotated

import strawberry

from api.context import Info
from api.gql.ids import decode
from api.gql.permissions import active
from api.types.feeds import Feed
from db.queries.feeds import FeedRow

FeedId = Annotated[strawberry.ID, strawberry.argument(description="The id of the feed.")]


@strawberry.type
class FeedQuery:
    @strawberry.field(
        graphql_type=Feed | None,
        description="A feed of the viewer; null when there is none of this id.",
        extensions=active(),
    )
    async def feed(self, info: Info, id: FeedId) -> FeedRow | None:
        return await info.context.loaders.feed_by_id.load(decode(id, "Feed"))
