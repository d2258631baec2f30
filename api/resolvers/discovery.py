"""Discovery: popular posts, and what is trending."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from api.context import Info
from api.gql.connections import connection
from api.gql.pagination import Keyset, Page, Window
from api.gql.permissions import active
from api.gql.search_enums import TrendingWindow
from api.loaders.discovery import discovered_posts
from api.types.posts import Post
from api.types.trending import Trending
from db.queries.discovery import TrendRow
from db.queries.posts import PostRow

Span = Annotated[TrendingWindow, strawberry.argument(name="window", description="The span of time to look at.")]


@strawberry.type
class DiscoveryQuery:
    @connection(
        Post,
        keyset=Keyset("discover", ("engagement_bucket", "created_at", "id")),
        nullable=True,
        description="Popular posts by people within two degrees of friendship of the viewer, without those whom the "
        "viewer mutes: of 500 people at most the 20 newest posts each. When signed out, popular public posts. "
        "Those with the most likes, comments and reposts first, by powers of two (1, 3, 7, 15 and so on), the newest "
        "first among those of one power.",
        extensions=active(),
    )
    @staticmethod
    async def discover(roots: Sequence[None], info: Info, window: Window) -> Sequence[Page[PostRow]]:
        page = await discovered_posts(info.context, info.context.loaders, window)
        return [page for _ in roots]

    @strawberry.field(
        graphql_type=Trending | None,
        description="Tags and posts that are popular lately.",
        extensions=active(),
    )
    @staticmethod
    def trending(span: Span = TrendingWindow.DAY) -> TrendRow:
        return TrendRow(span.hours)
