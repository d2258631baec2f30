"""What is trending: tags and posts."""

from collections.abc import Sequence

import strawberry

from api.context import Info
from api.execution.columns import computed, presents, relation
from api.gql.connections import After, Before, Connection, First, Last
from api.gql.pagination import Page, Relay
from api.loaders.discovery import trending_posts, trending_tags
from api.types.posts import Post
from api.types.tags import Tag
from db.queries.discovery import TrendingTagRow, TrendRow
from db.queries.posts import PostRow
from db.queries.tags import TagRow


@strawberry.type(description="A tag that more people use than before.")
class TrendingTag:
    posts_count: int = strawberry.field(description="How many public posts of the span of time have it.")
    people_count: int = strawberry.field(description="How many people used it within the span of time.")

    @computed(graphql_type=Tag, description="The tag.")
    @staticmethod
    def tag(tags: Sequence[TrendingTagRow], _info: Info) -> Sequence[TagRow]:
        return [TagRow(row.tag) for row in tags]

    is_type_of = presents(TrendingTagRow)


@strawberry.type(description="What is popular lately. It is worked out every five minutes.")
class Trending:
    @relation(
        graphql_type=list[TrendingTag],
        description="Up to 20 tags that more people used than in the span of time before, those with the most new "
        "people first. Public posts count, and one person alone makes no trend.",
    )
    @staticmethod
    async def tags(trends: Sequence[TrendRow], info: Info) -> Sequence[list[TrendingTagRow]]:
        return [await trending_tags(info.context, trend.hours) for trend in trends]

    @relation(
        graphql_type=Connection[Post] | None,
        description="Public posts of the span of time that the viewer may see, those with the most likes, comments "
        "and reposts first; 500 at most.",
    )
    @staticmethod
    async def posts(
        trends: Sequence[TrendRow],
        info: Info,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Sequence[Page[PostRow]]:
        relay = Relay(first, after, last, before)
        return [await trending_posts(info.context, info.context.loaders, trend.hours, relay) for trend in trends]

    is_type_of = presents(TrendRow)
