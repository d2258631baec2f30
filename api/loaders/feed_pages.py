"""The pages that the rules of feeds give. Those of one operation are read side by side, and their posts at once."""

from asyncio import Future, ensure_future, gather
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from api.gql.errors import CostLimitError
from api.gql.pagination import Keyset, Page, Relay, Window, page
from api.gql.visibility import PayingSight, Sight, speaker
from api.loaders.feed_budget import VISIT_MS, TimeBudget
from api.loaders.feed_masks import masked
from api.loaders.feeds import AnyFeedRow, rules_of
from api.loaders.home_feed import HOME_FEED, home_page_without
from api.loaders.mute_words import mute_patterns
from db.documents.feed_rules import FeedRules, FeedSort
from db.errors import OverloadedError
from db.feeds import FeedCounts, FeedOutcome, FeedPage, FeedPost, MutePatterns
from db.feeds.other_feeds import borrowed_filters, versions_of
from db.queries import feeds as queries
from db.queries import seen_posts
from db.queries.feeds import FOLLOWING_FEEDS
from db.queries.posts import PostRow

if TYPE_CHECKING:
    from api.loaders import Loaders

FoundT = TypeVar("FoundT")
NotRead: TypeAlias = CostLimitError | OverloadedError
"""Why a feed has no page, in an answer where others have theirs."""

# The statements of so many feeds leave together. The others wait: what these took decides whether they run.
_SIDE_BY_SIDE = 4

_COLUMNS = {
    FeedSort.RECENT: ("created_at", "id"),
    FeedSort.POPULAR: ("score", "created_at", "id"),
    FeedSort.ENGAGEMENT: ("score", "created_at", "id"),
    FeedSort.SCORE: ("score", "created_at", "id"),
}


class Reading(NamedTuple):
    """Who reads a feed, and mutes `words`; whose friends and follows its rules speak of; how long it may take.

    `pins_of`: the feed whose pinned posts are shown above it, and so are not among its posts.
    """

    sight: Sight
    me: int | None
    words: MutePatterns | None
    budget: TimeBudget
    pins_of: int | None = None

    async def run(self, ask: Callable[..., Awaitable[FoundT]], rules: FeedRules) -> FoundT:
        """What a statement of these rules finds; the filters of other feeds are paid for beside its own."""
        return await self.budget.run(ask, borrowed=len(borrowed_filters(rules)))

    @property
    def given(self) -> dict[str, Any]:
        return {"viewer": self.sight.viewer_id, "me": self.me, "words": self.words, "pins_of": self.pins_of}


class Outcomes:
    """What the posts of one page are to the rules that gave it: asked for once, when somebody wants to know."""

    def __init__(self, reading: Reading, rules: FeedRules, ids: Sequence[int]) -> None:
        self.rules = rules
        ask = partial(queries.feed_outcomes, reading.sight.database, rules, ids, **reading.given)
        self._ask = partial(reading.run, ask, rules)
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
    """A cursor belongs to one feed, its sort and the version of its rules: when they change, paging begins anew.

    The rules of other feeds that these name are among them.
    """
    if feed.id > FOLLOWING_FEEDS:
        return HOME_FEED
    return _keyset(f"feed.{feed.id}.{rules.sort}.{feed.rules_version}{versions_of(rules)}", rules)


def _keyset(name: str, rules: FeedRules) -> Keyset:
    columns = _COLUMNS[rules.sort]
    return Keyset(name, ("mark", *columns) if rules.unseen_only else columns)


async def feed_pages(
    sight: PayingSight, loaders: "Loaders", feeds: Sequence[AnyFeedRow], relays: Sequence[Relay], *, as_owner: bool
) -> list[FeedPostPage | NotRead]:
    """One page of each feed, each by the one statement that its rules compile to; or why there is none.

    The viewer decides what may be seen; the friends and follows of the rules are the owner's with `as_owner`, else the
    viewer's. Where somebody else has chosen the rules, they have less time.
    """
    own, others = TimeBudget(sight), TimeBudget(sight, VISIT_MS)
    every, words = await gather(rules_of(loaders, feeds), mute_patterns(loaders))

    async def read(feed: AnyFeedRow, relay: Relay, rules: FeedRules) -> FeedPostPage | _Keys | NotRead:
        keyset = keyset_of(feed, rules)
        budget = others if as_owner or feed.user_id != sight.viewer_id else own
        pins_of = None if as_owner else feed.id  # sections do not show pinned posts, so they keep them in their places
        reading = Reading(sight, speaker(feed, sight, as_owner=as_owner), words, budget, pins_of)
        try:
            if feed.id <= FOLLOWING_FEEDS:
                return await _keys(reading, keyset.field, rules, relay)
            found = await home_page_without(sight, feed.user_id, relay.window(keyset), words)  # only its owner opens it
            return FeedPostPage(found, Outcomes(reading, rules, [post.id for post in found.nodes]))
        except (CostLimitError, OverloadedError) as error:  # the other feeds have their posts
            return error

    asked = {(feed.id, relay): (feed, relay, rules) for feed, relay, rules in zip(feeds, relays, every, strict=True)}
    found: list[FeedPostPage | _Keys | NotRead] = []
    for begin in range(0, len(asked), _SIDE_BY_SIDE):
        found += await gather(*(read(*one) for one in list(asked.values())[begin : begin + _SIDE_BY_SIDE]))
    pages = dict(zip(asked, await _hydrated(loaders, found), strict=True))
    every_page = [pages[feed.id, relay] for feed, relay in zip(feeds, relays, strict=True)]
    if not as_owner:  # sections say nothing of rules
        for one, shown in zip(every_page, await masked(sight, loaders, feeds, every), strict=True):
            if isinstance(one, FeedPostPage):
                one.outcomes.rules = shown
    return every_page


async def rules_page(reading: Reading, loaders: "Loaders", name: str, rules: FeedRules, relay: Relay) -> FeedPostPage:
    """One page of what these rules give; `name` binds its cursors."""
    (found,) = await _hydrated(loaders, [await _keys(reading, name, rules, relay)])
    return found


class _Keys(NamedTuple):
    """A page of a feed whose posts have not been read yet."""

    page: Page[FeedPost]
    outcomes: Outcomes


async def _hydrated(loaders: "Loaders", found: Sequence[_Keys | FoundT]) -> list[FeedPostPage | FoundT]:
    """The pages with their posts, which one statement reads for all."""
    ids = [key.id for one in found if isinstance(one, _Keys) for key in one.page.nodes]
    posts = dict(zip(ids, await loaders.post_by_id.column(ids), strict=True))
    return [
        FeedPostPage(one.page.hydrated([posts[key.id] for key in one.page.nodes]), one.outcomes)
        if isinstance(one, _Keys)
        else one
        for one in found
    ]


async def _keys(reading: Reading, name: str, rules: FeedRules, relay: Relay) -> _Keys:
    columns = _COLUMNS[rules.sort]
    window = relay.window(_keyset(name, rules))
    sight, given = reading.sight, reading.given
    mark = await _mark(sight, window) if rules.unseen_only else None

    async def read(part: Window) -> list[FeedPost]:
        """With the limit of the page: the limit decides the plan, and a smaller one may choose a dearer plan."""
        after, before = (key and key[-len(columns) :] for key in (part.after, part.before))
        wanted = FeedPage(window.limit + 1, after, before, part.backward, mark)
        found = await reading.run(partial(queries.custom_feed, sight.database, rules, wanted, **given), rules)
        return found if mark is None else [replace(row, mark=mark) for row in found]

    async def has_row(part: Window) -> bool:
        return bool(await read(part))

    keys = page(window, await read(window), has_row)
    return _Keys(keys, Outcomes(reading, rules, [key.id for key in keys.nodes]))


async def _mark(sight: Sight, window: Window) -> int:
    """The reader's latest mark when the first page was opened, which every cursor carries.

    So pages fit together although their posts are marked as seen meanwhile.
    """
    marks = [key[0] for key in (window.after, window.before) if key is not None]
    if marks:
        return min(mark for mark in marks if isinstance(mark, int))
    return 0 if sight.viewer_id is None else await seen_posts.latest_mark(sight.database, sight.viewer_id)


async def counts_of(reading: Reading, rules: FeedRules) -> FeedCounts:
    """What the rules keep and drop of the latest posts, for the viewer."""
    given = {"viewer": reading.sight.viewer_id, "me": reading.me, "words": reading.words}
    return await reading.run(partial(queries.feed_counts, reading.sight.database, rules, **given), rules)


async def own_reading(
    sight: PayingSight, loaders: "Loaders", budget: TimeBudget | None = None, pins_of: int | None = None
) -> Reading:
    """The viewer's, of rules that speak of the viewer."""
    return Reading(sight, sight.viewer_id, await mute_patterns(loaders), budget or TimeBudget(sight), pins_of)
