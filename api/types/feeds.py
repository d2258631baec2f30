"""Custom feeds."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Any

import strawberry
from strawberry import Parent
from strawberry.scalars import JSON

from api.context import Info
from api.execution.columns import presents, relation
from api.feeds.documents import exported
from api.gql.connections import After, Before, First, Last
from api.gql.errors import CostLimitError
from api.gql.feed_enums import FeedSort
from api.gql.node import Node, node_id
from api.gql.pagination import Relay
from api.loaders.feed_notices import notices_of
from api.loaders.feeds import FeedPostPage, feed_pages, rules_of
from api.types.feed_notices import FeedNotice
from api.types.feed_outcomes import FeedPostConnection
from api.types.feed_rules import FeedRules
from db.documents import feed_rules as documents
from db.feeds.notices import Notice
from db.queries.feeds import FeedRow


@strawberry.type(
    description="A feed that the viewer built from rules. Reposts and replies are never in it; only public "
    "posts and posts of people the viewer follows are, and never those of muted people."
)
class Feed(Node):
    id: strawberry.ID = node_id("Feed")
    name: str = strawberry.field(
        description="The name, up to 100 characters. No two feeds of a person share one, in any mix of upper and "
        "lower case."
    )
    description: str | None = strawberry.field(description="What it is for, up to 500 characters.")
    is_default: bool = strawberry.field(description="Whether it is the one its owner opens with.")
    created_at: datetime = strawberry.field(description="When it was created.")
    updated_at: datetime = strawberry.field(description="When its name, description or rules last changed.")

    @relation(graphql_type=FeedRules, description="The rules that decide which posts it shows.")
    @staticmethod
    def rules(feeds: Sequence[FeedRow], info: Info) -> Awaitable[Sequence[documents.FeedRules]]:
        return rules_of(info.context.loaders, feeds)

    rules_version: int = strawberry.field(
        description="Counts the changes of the rules, from 1. Cursors belong to one version: after a change they "
        "answer BAD_CURSOR."
    )

    @strawberry.field(description="The order of its posts, the same as `rules.sort`.")
    @staticmethod
    def sort(root: Parent[FeedRow]) -> FeedSort:
        return documents.FeedRules.model_validate(root.algorithm_config).sort

    @relation(
        graphql_type=list[FeedNotice],
        description="What weakens the feed now, such as an author who is gone, with the cure; empty when all is well. "
        "First what concerns the rules as a whole, then in the order of the filters.",
    )
    @staticmethod
    async def notices(feeds: Sequence[FeedRow], info: Info) -> Sequence[list[Notice]]:
        loaders = info.context.loaders
        return await notices_of(info.context, loaders, await rules_of(loaders, feeds))

    @relation(
        graphql_type=FeedPostConnection | None,
        description="The posts that its rules let through, in its order. `FeedPostEdge.matchedBy` says why each is "
        "there. Null with an error when the rules take too long (COST_LIMIT).",
    )
    @staticmethod
    async def posts(
        feeds: Sequence[FeedRow],
        info: Info,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Sequence[FeedPostPage | CostLimitError]:
        relay = Relay(first, after, last, before)
        return await feed_pages(info.context, info.context.loaders, feeds, [relay] * len(feeds), as_owner=False)

    @relation(
        graphql_type=JSON,
        description="The feed as a document for `importFeed`, here or on another server; its JSON Schema is served at "
        "`/schemas/feed.json`. People and lists have their names in it; those that the viewer may not see are left "
        "out.",
    )
    @staticmethod
    async def export_document(feeds: Sequence[FeedRow], info: Info) -> Sequence[dict[str, Any]]:
        return await exported(info.context, feeds, await rules_of(info.context.loaders, feeds))

    is_type_of = presents(FeedRow)
