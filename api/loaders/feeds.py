"""Custom feeds, and their rules as they are stored."""

from asyncio import Future
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from api.loaders.base import ListLoader, RowLoader
from db.documents.feed_rules import FeedRules
from db.feeds import FilterRow, rules_from_rows
from db.feeds.other_feeds import InnerFeed, with_inner_rules
from db.queries import IdRow, feed_tokens
from db.queries import feeds as queries
from db.queries.feeds import FeedFilterRow, FeedRow, ForkCountRow, SectionFeedRow

if TYPE_CHECKING:
    from api.loaders import Loaders

AnyFeedRow: TypeAlias = FeedRow | SectionFeedRow


class FeedByIdLoader(RowLoader[FeedRow]):
    def rows(self, keys: list[int]) -> Future[list[FeedRow]]:
        return queries.feeds_by_ids(self.sight.database, self.sight.viewer_id, keys)


class FeedsByUserIdLoader(ListLoader[FeedRow]):
    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[FeedRow]]:
        return queries.feeds_by_user_ids(self.sight.database, self.sight.viewer_id, keys)


class PublicFeedsByUserIdLoader(ListLoader[FeedRow]):
    """The feeds that a user shares with everybody, in their owner's order."""

    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[FeedRow]]:
        return queries.public_feeds_by_user_ids(self.sight.database, self.sight.viewer_id, keys)


class ReadableFeedByIdLoader(RowLoader[IdRow]):
    """Of the viewer's feeds those that have an address for readers."""

    def rows(self, keys: list[int]) -> Future[list[IdRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return feed_tokens.feeds_with_reader_tokens(self.sight.database, self.sight.viewer_id, keys)


class ForkCountByFeedIdLoader(RowLoader[ForkCountRow]):
    key = "feed_id"

    def rows(self, keys: list[int]) -> Future[list[ForkCountRow]]:
        return queries.fork_counts_by_feed_ids(self.sight.database, keys)


class SectionFeedByIdLoader(RowLoader[SectionFeedRow]):
    """For a section, whose owner has to be that of the feed."""

    def rows(self, keys: list[int]) -> Future[list[SectionFeedRow]]:
        return queries.section_feeds_by_ids(self.sight.database, keys)


class FiltersByFeedIdLoader(ListLoader[FeedFilterRow]):
    key = "feed_id"

    def rows(self, keys: list[int]) -> Future[list[FeedFilterRow]]:
        return queries.filters_by_feed_ids(self.sight.database, keys)


async def rules_of(loaders: "Loaders", feeds: Sequence[AnyFeedRow]) -> list[FeedRules]:
    """The rules of stored feeds, with those of the other feeds that they name, as far as the viewer may open these."""
    return await opened(loaders, await stored_rules_of(loaders, feeds))


async def stored_rules_of(loaders: "Loaders", feeds: Sequence[AnyFeedRow]) -> list[FeedRules]:
    """The rules as they are stored: their groups from feed_filters, all else from algorithm_config."""
    filters = await loaders.filters_by_feed_id.column([feed.id for feed in feeds])
    return [
        rules_from_rows(feed.algorithm_config, [FilterRow(*row[1:]) for row in rows])
        for feed, rows in zip(feeds, filters, strict=True)
    ]


async def opened(loaders: "Loaders", every: Sequence[FeedRules]) -> list[FeedRules]:
    """These rules with those of the feeds that they name, which are looked up once for all.

    Of feeds that the viewer may not open they say the same as of feeds that never were.
    """
    named = sorted({one.feed_id for rules in every for one in rules.other_feeds})
    if not named:
        return list(every)
    feeds = [row for row in await loaders.feed_by_id.column(named) if row is not None and not row.is_built_in]
    inner = await stored_rules_of(loaders, feeds)
    found = {feed.id: InnerFeed(rules, feed.rules_version) for feed, rules in zip(feeds, inner, strict=True)}
    return [with_inner_rules(rules, found) for rules in every]
