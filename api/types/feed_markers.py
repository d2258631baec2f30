"""How far somebody has read a feed."""

from collections.abc import Sequence
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
    async def post(markers: Sequence[feed_markers.FeedMarker], info: Info) -> Sequence[PostRow | None]:
        found = await info.context.loaders.post_by_id.column([one.post_id for one in markers])
        # The cursor of the end of a page may stand beside a post.
        return [
            post if post is not None and post.created_at == one.key[-2] else None
            for one, post in zip(markers, found, strict=True)
        ]

    set_at: datetime = strawberry.field(description="When the marker was set.")

    is_type_of = presents(feed_markers.FeedMarker)
