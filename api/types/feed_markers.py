"""How far somebody has read a feed."""

from collections.abc import Awaitable, Sequence
from datetime import datetime

import strawberry

from api.context import Info
from api.execution.columns import presents, relation
from api.loaders import feed_markers
from api.types.posts import Post
from db.queries.posts import PostRow


@strawberry.type(description="How far the viewer has read a feed: the same on all devices, and only theirs to see.")
class FeedMarker:
    cursor: str = strawberry.field(
        description="The cursor of the topmost post that was read. As `before`, with `last`, it gives the newer "
        "posts next to it; as `after` the older ones. It is a cursor of the feed as it is now."
    )

    @relation(graphql_type=Post | None, description="That post; null when it is gone, or hidden from the viewer.")
    @staticmethod
    def post(markers: Sequence[feed_markers.FeedMarker], info: Info) -> Awaitable[Sequence[PostRow | None]]:
        return info.context.loaders.post_by_id.column([one.post_id for one in markers])

    set_at: datetime = strawberry.field(description="When the marker was set.")

    is_type_of = presents(feed_markers.FeedMarker)
