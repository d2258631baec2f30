"""Custom feeds."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import Parent
from strawberry.scalars import JSON

from api.context import Info
from api.execution.columns import computed, presents, relation
from api.feeds.documents import exported
from api.feeds.pinning import MOST_PINS
from api.gql.connections import After, Before, First, Last
from api.gql.enums import FeedSharing
from api.gql.errors import CostLimitError
from api.gql.feed_enums import FeedSort
from api.gql.node import Node, node_id
from api.gql.pagination import Relay
from api.gql.visibility import owned
from api.loaders import feed_markers
from api.loaders.feed_masks import masked
from api.loaders.feed_notices import notices_of
from api.loaders.feed_pages import FeedPostPage, NotRead, feed_pages
from api.loaders.feed_pins import pinned_posts
from api.loaders.feeds import rules_of
from api.types.feed_markers import FeedMarker
from api.types.feed_notices import FeedNotice
from api.types.feed_outcomes import FeedPostConnection
from api.types.feed_rules import FeedRules
from api.types.posts import Post
from api.types.users import User
from db.documents import feed_rules as documents
from db.feeds.notices import Notice
from db.queries.feeds import FeedRow
from db.queries.posts import PostRow
from db.queries.users import UserRow

LazyFeed = Annotated["Feed", strawberry.lazy("api.types.feeds")]


@strawberry.type(
    description="A feed that somebody built from rules. Reposts and replies are never in it; only public posts and "
    "posts of people the viewer follows are, and never those of muted people, nor those of people whom the viewer does "
    "not follow and who are not `discoverableInFeeds`. ME, FRIENDS, FOLLOWING and FOLLOWERS in "
    "its rules mean those of whoever reads it."
)
class Feed(Node):
    id: strawberry.ID = node_id("Feed")
    name: str = strawberry.field(
        description="The name, up to 100 characters. No two stored feeds of a person share one, in any mix of "
        "upper and lower case. The built-in feed is called Following: a client may show the word in its own language."
    )
    description: str | None = strawberry.field(description="What it is for, up to 500 characters.")

    @computed(graphql_type=bool, description="Whether it is the one the viewer opens with: exactly one of theirs is.")
    @staticmethod
    def is_default(feeds: Sequence[FeedRow], info: Info) -> Sequence[bool]:
        return [feed.is_default and own for feed, own in zip(feeds, owned(feeds, info.context), strict=True)]

    is_built_in: bool = strawberry.field(
        description="Whether it is the Following feed that everybody has: it can be moved and made the default, not "
        "edited, shared or deleted. It shows what `homeFeed` does, and either takes the cursors of the other."
    )
    created_at: datetime = strawberry.field(
        description="When it was created; for the built-in feed when its owner joined."
    )
    updated_at: datetime = strawberry.field(description="When its name, description or rules last changed.")

    @relation(
        graphql_type=User | None,
        description="Whose feed it is; null when the viewer cannot see them any more.",
    )
    @staticmethod
    def owner(feeds: Sequence[FeedRow], info: Info) -> Awaitable[Sequence[UserRow | None]]:
        return info.context.loaders.user_by_id.column([feed.user_id for feed in feeds])

    @computed(graphql_type=bool, description="Whether the viewer may change it.")
    @staticmethod
    def viewer_can_edit(feeds: Sequence[FeedRow], info: Info) -> Sequence[bool]:
        return [own and not feed.is_built_in for feed, own in zip(feeds, owned(feeds, info.context), strict=True)]

    @relation(
        graphql_type=FeedRules,
        description="The rules that decide which posts it shows. What is read here of the viewer's own feeds can be "
        "sent back; in those of others, people, lists and feeds that the viewer may not see are left out.",
    )
    @staticmethod
    async def rules(feeds: Sequence[FeedRow], info: Info) -> Sequence[documents.FeedRules]:
        loaders = info.context.loaders
        return await masked(info.context, loaders, feeds, await rules_of(loaders, feeds))

    rules_version: int = strawberry.field(
        description="Counts the changes of the rules, from 1. Cursors belong to one version, and to that of each feed "
        "that the rules name: after a change they answer BAD_CURSOR."
    )

    @strawberry.field(description="The order of its posts, the same as `rules.sort`.")
    @staticmethod
    def sort(root: Parent[FeedRow]) -> FeedSort:
        return documents.FeedRules.model_validate(root.algorithm_config).sort

    @relation(
        graphql_type=list[FeedNotice],
        description="What weakens the feed now, such as an author who is gone, with the cure; empty when all is well. "
        "It is about `rules` as the viewer reads them: of somebody else's feed, people and lists that are hidden from "
        "the viewer have no notices; a hidden feed has FEED_GONE. First what concerns the rules as a whole, then in "
        "the order of the filters.",
    )
    @staticmethod
    async def notices(feeds: Sequence[FeedRow], info: Info) -> Sequence[list[Notice]]:
        context, loaders = info.context, info.context.loaders
        return await notices_of(context, loaders, await masked(context, loaders, feeds, await rules_of(loaders, feeds)))

    @relation(
        graphql_type=list[Post] | None,
        description=f"Up to {MOST_PINS} posts to show above all others, whatever its rules say of them, in the order "
        "of the feed's owner. Left out are those that no feed shows to the viewer: of muted people, with muted words, "
        "and those that feeds do not reach (`FeedCheck.REACHABLE`). Null with an error when many long muted words take "
        "too long (COST_LIMIT).",
    )
    @staticmethod
    def pinned_posts(feeds: Sequence[FeedRow], info: Info) -> Awaitable[Sequence[list[PostRow] | CostLimitError]]:
        return pinned_posts(info.context, info.context.loaders, feeds)

    @relation(
        graphql_type=FeedPostConnection | None,
        description="The posts that its rules let through, in its order, without those that are pinned. "
        "`FeedPostEdge.matchedBy` says why each is there. Null with an error when the rules take too long "
        "(COST_LIMIT).",
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
    ) -> Sequence[FeedPostPage | NotRead]:
        relay = Relay(first, after, last, before)
        return await feed_pages(info.context, info.context.loaders, feeds, [relay] * len(feeds), as_owner=False)

    @relation(
        graphql_type=FeedMarker | None,
        description="How far the viewer has read it (`setFeedMarker`); null while no marker is set, with `unseenOnly`, "
        "after the sort changed, and, unless the sort is RECENT, after any change of the rules.",
    )
    @staticmethod
    def marker(feeds: Sequence[FeedRow], info: Info) -> Awaitable[Sequence[feed_markers.FeedMarker | None]]:
        return feed_markers.markers_of(info.context.loaders, feeds)

    @relation(
        graphql_type=int | None,
        description=f"How many posts stand before `marker`, counted up to {feed_markers.MOST_NEW_POSTS} and among "
        "those that one page looks through; 0 without a marker. Null with an error when the rules take too long "
        "(COST_LIMIT).",
    )
    @staticmethod
    def new_posts_count(feeds: Sequence[FeedRow], info: Info) -> Awaitable[Sequence[int | CostLimitError]]:
        return feed_markers.new_posts_counts(info.context, info.context.loaders, feeds)

    sharing: FeedSharing = strawberry.field(description="Who besides its owner can open it.")

    @relation(
        graphql_type=LazyFeed | None,
        description="The feed it was copied from; null when it is no copy, or the viewer cannot open the original by "
        "its id.",
    )
    @staticmethod
    def forked_from(feeds: Sequence[FeedRow], info: Info) -> Awaitable[Sequence[FeedRow | None]]:
        return info.context.loaders.feed_by_id.column([feed.forked_from_id for feed in feeds])

    @relation(graphql_type=int, description="How many copies of it exist, counted up to 1,000.")
    @staticmethod
    def forks_count(feeds: Sequence[FeedRow], info: Info) -> Awaitable[Sequence[int]]:
        loader = info.context.loaders.fork_count_by_feed_id
        return loader.column([feed.id for feed in feeds], lambda count: 0 if count is None else count.total)

    @relation(
        graphql_type=bool,
        description="Whether it has secret addresses for programs that read Atom or JSON Feed (`createFeedUrls`); "
        "false for all but its owner.",
    )
    @staticmethod
    def has_feed_urls(feeds: Sequence[FeedRow], info: Info) -> Awaitable[Sequence[bool]]:
        loader = info.context.loaders.readable_feed_by_id
        return loader.column([feed.id for feed in feeds], lambda found: found is not None)

    @relation(
        graphql_type=JSON,
        description="The feed as a document for `importFeed`, here or on another server; its JSON Schema is served at "
        "`/schemas/feed.json`. People, lists and other feeds have their names in it; those that the viewer may not see "
        "are left out.",
    )
    @staticmethod
    async def export_document(feeds: Sequence[FeedRow], info: Info) -> Sequence[dict[str, Any]]:
        return await exported(info.context, feeds, await rules_of(info.context.loaders, feeds))

    is_type_of = presents(FeedRow)
