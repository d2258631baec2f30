"""Custom feeds: what they are, and the pages that their rules give."""

from asyncio import Future, ensure_future, gather
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from api.gql.errors import CostLimitError
from api.gql.pagination import Keyset, Page, Relay, Window, page
from api.gql.visibility import PayingSight, Sight, speaker
from api.loaders.base import ListLoader, RowLoader
from api.loaders.feed_budget import VISIT_MS, TimeBudget
from api.loaders.feed_masks import masked
from api.loaders.home_feed import HOME_FEED, home_page_without
from api.loaders.mute_words import mute_patterns
from db.documents.feed_rules import FeedRules, FeedSort
from db.feeds import FeedCounts, FeedOutcome, FeedPage, FeedPost, FilterRow, MutePatterns, rules_from_rows
from db.queries import IdRow, seen_posts
from db.queries import feeds as queries
from db.queries.feeds import FOLLOWING_FEEDS, FeedFilterRow, FeedRow, ForkCountRow, SectionFeedRow
from db.queries.posts import PostRow

if TYPE_CHECKING:
    from api.loaders import Loaders

AnyFeedRow: TypeAlias = FeedRow | SectionFeedRow

_COLUMNS = {
    FeedSort.RECENT: ("created_at", "id"),
    FeedSort.POPULAR: ("score", "created_at", "id"),
    FeedSort.ENGAGEMENT: ("score", "created_at", "id"),
    FeedSort.SCORE: ("score", "created_at", "id"),
}


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
        return queries.feeds_with_reader_tokens(self.sight.database, self.sight.viewer_id, keys)


class ForkCountByFeedIdLoader(RowLoader[ForkCountRow]):
    key = "feed_id"

    def rows(self, keys: list[int]) -> Future[list[ForkCountRow]]:
        return queries.fork_counts_by_feed_ids(self.sight.database, keys)


class FeedBySectionIdLoader(RowLoader[SectionFeedRow]):
    key = "section_id"

    def rows(self, keys: list[int]) -> Future[list[SectionFeedRow]]:
        return queries.feeds_by_section_ids(self.sight.database, keys)


class FiltersByFeedIdLoader(ListLoader[FeedFilterRow]):
    key = "feed_id"

    def rows(self, keys: list[int]) -> Future[list[FeedFilterRow]]:
        return queries.filters_by_feed_ids(self.sight.database, keys)


class Reading(NamedTuple):
    """Who reads a feed, and mutes `words`; whose friends and follows its rules speak of; how long it may take."""

    sight: Sight
    me: int | None
    words: MutePatterns | None
    budget: TimeBudget

    @property
    def given(self) -> dict[str, Any]:
        return {"viewer": self.sight.viewer_id, "me": self.me, "words": self.words}


class Outcomes:
    """What the posts of one page are to the rules that gave it: asked for once, when somebody wants to know."""

    def __init__(self, reading: Reading, rules: FeedRules, ids: Sequence[int]) -> None:
        self.rules = rules
        ask = partial(queries.feed_outcomes, reading.sight.database, rules, ids, **reading.given)
        self._ask = partial(reading.budget.run, ask)
        self._rows: Future[list[FeedOutcome]] | None = None

    async def by_id(self) -> dict[int, FeedOutcome]:
        """The outcomes by the ids of the posts; of those that the viewer may still see."""
        self._rows = self._rows or ensure_future(self._ask())
        return {row.id: row for row in await self._rows}


class FeedPostEdge(NamedTuple):
    cursor: str
    node: PostRow
    outcomes: Outcomes


class FeedPostPage(Page[PostRow]):
    """A page of a feed, which can say of each post why it is there."""

    __slots__ = ("outcomes",)

    def __init__(self, found: Page[PostRow], outcomes: Outcomes) -> None:
        super().__init__(
            found.nodes, found.window, found.more, found.beyond, found.links, found.ends, found.stop
        )  # fmt: skip
        self.outcomes = outcomes

    @property
    def edges(self) -> list[FeedPostEdge]:  # pyright: ignore[reportIncompatibleMethodOverride]
        cursors = self.window.keyset.cursors(self.links)
        return [FeedPostEdge(cursor, node, self.outcomes) for cursor, node in zip(cursors, self.nodes, strict=True)]


def keyset_of(feed: AnyFeedRow, rules: FeedRules) -> Keyset:
    """A cursor belongs to one feed, its sort and the version of its rules: when they change, paging begins anew."""
    if feed.id > FOLLOWING_FEEDS:
        return HOME_FEED
    return _keyset(f"feed.{feed.id}.{rules.sort}.{feed.rules_version}", rules)


def _keyset(name: str, rules: FeedRules) -> Keyset:
    columns = _COLUMNS[rules.sort]
    return Keyset(name, ("mark", *columns) if rules.unseen_only else columns)


async def feed_pages(
    sight: PayingSight, loaders: "Loaders", feeds: Sequence[AnyFeedRow], relays: Sequence[Relay], *, as_owner: bool
) -> list[FeedPostPage | CostLimitError]:
    """One page of each feed, each by the one statement that its rules compile to; or why there is none.

    The viewer decides what may be seen; the friends and follows of the rules are the owner's with `as_owner`, else the
    viewer's. Where somebody else has chosen the rules, they have less time.
    """
    pages: dict[tuple[int, Relay], FeedPostPage | CostLimitError] = {}
    own, others = TimeBudget(sight), TimeBudget(sight, VISIT_MS)
    every, words = await gather(rules_of(loaders, feeds), mute_patterns(sight))
    for feed, relay, rules in zip(feeds, relays, every, strict=True):
        if (feed.id, relay) in pages:
            continue
        keyset = keyset_of(feed, rules)
        budget = others if as_owner or feed.user_id != sight.viewer_id else own
        reading = Reading(sight, speaker(feed, sight, as_owner=as_owner), words, budget)
        try:
            if feed.id > FOLLOWING_FEEDS:  # which only its owner can open
                found = await home_page_without(sight, feed.user_id, relay.window(keyset), words)
                ids = [post.id for post in found.nodes]
                pages[feed.id, relay] = FeedPostPage(found, Outcomes(reading, rules, ids))
            else:
                pages[feed.id, relay] = await rules_page(reading, loaders, keyset.field, rules, relay)
        except CostLimitError as error:  # the other feeds have their posts
            pages[feed.id, relay] = error
    every_page = [pages[feed.id, relay] for feed, relay in zip(feeds, relays, strict=True)]
    if not as_owner:  # sections say nothing of rules
        for one, shown in zip(every_page, await masked(sight, loaders, feeds, every), strict=True):
            if isinstance(one, FeedPostPage):
                one.outcomes.rules = shown
    return every_page


async def rules_page(reading: Reading, loaders: "Loaders", name: str, rules: FeedRules, relay: Relay) -> FeedPostPage:
    """One page of what these rules give; `name` binds its cursors."""
    columns = _COLUMNS[rules.sort]
    window = relay.window(_keyset(name, rules))
    sight, given = reading.sight, reading.given
    mark = await _mark(sight, window) if rules.unseen_only else None

    async def read(part: Window) -> list[FeedPost]:
        """With the limit of the page: the limit decides the plan, and a smaller one may choose a dearer plan."""
        after, before = (key and key[-len(columns) :] for key in (part.after, part.before))
        wanted = FeedPage(window.limit + 1, after, before, part.backward, mark)
        found = await reading.budget.run(partial(queries.custom_feed, sight.database, rules, wanted, **given))
        return found if mark is None else [replace(row, mark=mark) for row in found]

    async def has_row(part: Window) -> bool:
        return bool(await read(part))

    keys = page(window, await read(window), has_row)
    ids = [key.id for key in keys.nodes]
    found = keys.hydrated(await loaders.post_by_id.column(ids))
    return FeedPostPage(found, Outcomes(reading, rules, ids))


async def _mark(sight: Sight, window: Window) -> int:
    """The reader's latest mark when the first page was opened, which every cursor carries.

    So pages fit together although their posts are marked as seen meanwhile.
    """
    marks = [key[0] for key in (window.after, window.before) if key is not None]
    if marks:
        return min(mark for mark in marks if isinstance(mark, int))
    return 0 if sight.viewer_id is None else await seen_posts.latest_mark(sight.database, sight.viewer_id)


async def rules_of(loaders: "Loaders", feeds: Sequence[AnyFeedRow]) -> list[FeedRules]:
    """The rules of stored feeds: their groups from feed_filters, all else from algorithm_config."""
    filters = await loaders.filters_by_feed_id.column([feed.id for feed in feeds])
    return [
        rules_from_rows(feed.algorithm_config, [FilterRow(*row[1:]) for row in rows])
        for feed, rows in zip(feeds, filters, strict=True)
    ]


async def counts_of(reading: Reading, rules: FeedRules) -> FeedCounts:
    """What the rules keep and drop of the latest posts, for the viewer."""
    return await reading.budget.run(partial(queries.feed_counts, reading.sight.database, rules, **reading.given))


async def own_reading(sight: PayingSight, budget: TimeBudget | None = None) -> Reading:
    """The viewer's, of rules that speak of the viewer."""
    return Reading(sight, sight.viewer_id, await mute_patterns(sight), budget or TimeBudget(sight))
