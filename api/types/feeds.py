"""Custom feeds."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import strawberry
from strawberry import Parent

from api.context import Info
from api.enums import FeedSort
from api.execution.columns import relation
from api.pagination import Keyset, Page, page, window
from api.types.connections import After, Before, Connection, First, Last
from api.types.node import Node, node_id
from db.documents.feed_rules import FeedRules
from db.feeds import FeedPage, FilterRow, rules_from_rows
from db.queries import feeds as queries
from db.rows import FeedRow, PostRow, SectionFeedRow

if TYPE_CHECKING:
    from api.types.posts import Post

LazyPost = Annotated["Post", strawberry.lazy("api.types.posts")]
AnyFeedRow: TypeAlias = FeedRow | SectionFeedRow


async def rules_of(feeds: Sequence[AnyFeedRow], info: Info) -> list[FeedRules]:
    """The rules of stored feeds: their groups from feed_filters, all else from algorithm_config."""
    filters = await info.context.loaders.filters_by_feed_id.column([feed.id for feed in feeds])
    return [
        rules_from_rows(
            feed.algorithm_config,
            [
                FilterRow(
                    row.filter_type,
                    row.filter_operator,
                    row.value,
                    row.group_id,
                    row.logical_operator,
                    row.display_order,
                )
                for row in rows
            ],
        )
        for feed, rows in zip(feeds, filters, strict=True)
    ]


async def read_feed(feed: AnyFeedRow, rules: FeedRules, info: Info, *, me: int | None, relay: Any) -> Page[PostRow]:
    """One page of a feed. `me` is whose friends and follows its rules speak of; `relay`: first, after, last, before.

    A cursor belongs to this feed, its sort and the version of its rules: when they change, paging begins anew.
    """
    columns = ("created_at", "id") if rules.sort is FeedSort.RECENT else ("score", "created_at", "id")
    version = int(feed.updated_at.timestamp() * 1_000_000)
    asked = window(Keyset(f"feed.{feed.id}.{rules.sort}.{version}", columns), *relay)
    part = FeedPage(asked.limit + 1, asked.after, asked.before, asked.backward)
    context = info.context
    keys = page(asked, await queries.custom_feed(context.database, rules, part, viewer=context.viewer_id, me=me))
    return keys.hydrated(await context.loaders.post_by_id.column([key.id for key in keys.nodes]))


@strawberry.type(description="A feed that the viewer built.")
class Feed(Node):
    id: strawberry.ID = node_id("Feed")
    name: str = strawberry.field(description="The name; no two feeds of a person share one.")
    description: str | None = strawberry.field(description="What it is for, in the words of its maker.")
    is_default: bool = strawberry.field(description="Whether it is the one to open with.")
    created_at: datetime = strawberry.field(description="When it was built.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")

    @strawberry.field(description="The order of its posts.")
    @staticmethod
    def sort(root: Parent[FeedRow]) -> FeedSort:
        return FeedRules.model_validate(root.algorithm_config).sort

    @relation(
        graphql_type=Connection[LazyPost],
        description="The posts that its rules let through, in its order. Only public posts and those of people whom "
        "the viewer follows; never those of muted people.",
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
    ) -> Sequence[Page[PostRow]]:
        relay = (first, after, last, before)
        me = info.context.viewer_id
        rules = await rules_of(feeds, info)
        # Each feed has its own statement: what its rules compile to.
        return [await read_feed(feed, own, info, me=me, relay=relay) for feed, own in zip(feeds, rules, strict=True)]

    @classmethod
    def is_type_of(cls, source: object, _info: object) -> bool:
        return isinstance(source, FeedRow)
