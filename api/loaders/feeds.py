"""Custom feeds: what they are, and the pages that their rules give."""

from asyncio import Future
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from api.gql.pagination import Keyset, Page, Relay, Window, page
from api.gql.visibility import Sight, speaker
from api.loaders.base import ListLoader, RowLoader
from db.documents.feed_rules import FeedRules, FeedSort
from db.feeds import FeedPage, FeedPost, FilterRow, rules_from_rows
from db.queries import feeds as queries
from db.queries.feeds import FeedFilterRow, FeedRow, SectionFeedRow
from db.queries.posts import PostRow

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


class FeedBySectionIdLoader(RowLoader[SectionFeedRow]):
    key = "section_id"

    def rows(self, keys: list[int]) -> Future[list[SectionFeedRow]]:
        return queries.feeds_by_section_ids(self.sight.database, keys)


class FiltersByFeedIdLoader(ListLoader[FeedFilterRow]):
    key = "feed_id"

    def rows(self, keys: list[int]) -> Future[list[FeedFilterRow]]:
        return queries.filters_by_feed_ids(self.sight.database, keys)


async def feed_pages(
    sight: Sight, loaders: "Loaders", feeds: Sequence[AnyFeedRow], relays: Sequence[Relay], *, as_owner: bool
) -> list[Page[PostRow]]:
    """One page of each feed, each by the one statement that its rules compile to.

    The viewer decides what may be seen; the friends and follows of the rules are the owner's or the viewer's.
    """
    pages: dict[tuple[int, Relay], Page[PostRow]] = {}
    for feed, relay, rules in zip(feeds, relays, await rules_of(loaders, feeds), strict=True):
        if (feed.id, relay) in pages:
            continue
        window = relay.window(_keyset(feed, rules))
        read = partial(_read, sight, rules, speaker(feed, sight, as_owner=as_owner), window.limit + 1)
        keys = page(window, await read(window), partial(_has_row, read))
        pages[feed.id, relay] = keys.hydrated(await loaders.post_by_id.column([key.id for key in keys.nodes]))
    return [pages[feed.id, relay] for feed, relay in zip(feeds, relays, strict=True)]


def _read(sight: Sight, rules: FeedRules, me: int | None, limit: int, window: Window) -> Future[list[FeedPost]]:
    part = FeedPage(limit, window.after, window.before, window.backward)
    return queries.custom_feed(sight.database, rules, part, viewer=sight.viewer_id, me=me)


async def _has_row(read: Callable[[Window], Future[list[FeedPost]]], window: Window) -> bool:
    """Read with the limit of the page: the limit decides the plan, and a smaller one may choose a dearer plan."""
    return bool(await read(window))


def _keyset(feed: AnyFeedRow, rules: FeedRules) -> Keyset:
    """A cursor belongs to one feed, its sort and the version of its rules: when they change, paging begins anew."""
    version = int(feed.updated_at.timestamp() * 1_000_000)
    columns = ("created_at", "id") if rules.sort is FeedSort.RECENT else ("score", "created_at", "id")
    return Keyset(f"feed.{feed.id}.{rules.sort}.{version}", columns)


async def rules_of(loaders: "Loaders", feeds: Sequence[AnyFeedRow]) -> list[FeedRules]:
    """The rules of stored feeds: their groups from feed_filters, all else from algorithm_config."""
    filters = await loaders.filters_by_feed_id.column([feed.id for feed in feeds])
    return [
        rules_from_rows(feed.algorithm_config, [FilterRow(*row[1:]) for row in rows])
        for feed, rows in zip(feeds, filters, strict=True)
    ]
