"""Custom feeds: what they are, and the pages that their rules give."""

from asyncio import Future
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from api.gql.errors import CostLimitError
from api.gql.pagination import Keyset, Page, Relay, Window, page
from api.gql.visibility import PayingSight, speaker
from api.loaders.base import ListLoader, RowLoader
from db.documents.feed_rules import FeedRules, FeedSort
from db.errors import StatementTimeoutError
from db.feeds import FeedCounts, FeedOutcome, FeedPage, FeedPost, FilterRow, rules_from_rows
from db.queries import feeds as queries
from db.queries.feeds import FeedFilterRow, FeedRow, SectionFeedRow
from db.queries.posts import PostRow

if TYPE_CHECKING:
    from api.loaders import Loaders

AnyFeedRow: TypeAlias = FeedRow | SectionFeedRow

FoundT = TypeVar("FoundT")

# What a feed costs is for those who build it to decide. One that takes long pays for the time of the database.
_USUAL_MS = 250
_POINTS_PER_MS = 20

_TOO_COSTLY = (
    "These rules have to look through too many posts. Let them ask for a tag, for authors or for a time, or for a text "
    "that more posts have."
)

_COLUMNS = {
    FeedSort.RECENT: ("created_at", "id"),
    FeedSort.POPULAR: ("score", "created_at", "id"),
    FeedSort.ENGAGEMENT: ("score", "created_at", "id"),
}


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


class Outcomes:
    """What the posts of one page are to the rules that gave it: asked for once, when somebody wants to know."""

    def __init__(self, sight: PayingSight, rules: FeedRules, me: int | None, ids: Sequence[int]) -> None:
        self.rules = rules
        self._sight = sight
        self._ask = partial(queries.feed_outcomes, sight.database, rules, ids, viewer=sight.viewer_id, me=me)
        self._rows: Future[list[FeedOutcome]] | None = None

    async def by_id(self) -> dict[int, FeedOutcome]:
        """The outcomes by the ids of the posts; of those that the viewer may still see."""
        self._rows = self._rows or self._ask()
        return {row.id: row for row in await _in_time(self._sight, self._rows)}


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


async def feed_pages(
    sight: PayingSight, loaders: "Loaders", feeds: Sequence[AnyFeedRow], relays: Sequence[Relay], *, as_owner: bool
) -> list[FeedPostPage]:
    """One page of each feed, each by the one statement that its rules compile to.

    The viewer decides what may be seen; the friends and follows of the rules are the owner's or the viewer's.
    """
    pages: dict[tuple[int, Relay], FeedPostPage] = {}
    for feed, relay, rules in zip(feeds, relays, await rules_of(loaders, feeds), strict=True):
        if (feed.id, relay) not in pages:
            # A cursor belongs to one feed, its sort and the version of its rules: when they change, paging begins anew.
            name, me = f"feed.{feed.id}.{rules.sort}.{feed.rules_version}", speaker(feed, sight, as_owner=as_owner)
            pages[feed.id, relay] = await rules_page(sight, loaders, name, rules, relay, me=me)
    return [pages[feed.id, relay] for feed, relay in zip(feeds, relays, strict=True)]


async def rules_page(
    sight: PayingSight, loaders: "Loaders", name: str, rules: FeedRules, relay: Relay, *, me: int | None
) -> FeedPostPage:
    """One page of what these rules give; `name` binds its cursors."""
    window = relay.window(Keyset(name, _COLUMNS[rules.sort]))
    read = partial(_read, sight, rules, me, window.limit + 1)
    keys = page(window, await _in_time(sight, read(window)), partial(_has_row, sight, read))
    ids = [key.id for key in keys.nodes]
    found = keys.hydrated(await loaders.post_by_id.column(ids))
    return FeedPostPage(found, Outcomes(sight, rules, me, ids))


def _read(sight: PayingSight, rules: FeedRules, me: int | None, limit: int, window: Window) -> Future[list[FeedPost]]:
    part = FeedPage(limit, window.after, window.before, window.backward)
    return queries.custom_feed(sight.database, rules, part, viewer=sight.viewer_id, me=me)


async def _has_row(sight: PayingSight, read: Callable[[Window], Future[list[FeedPost]]], window: Window) -> bool:
    """Read with the limit of the page: the limit decides the plan, and a smaller one may choose a dearer plan."""
    return bool(await _in_time(sight, read(window)))


async def rules_of(loaders: "Loaders", feeds: Sequence[AnyFeedRow]) -> list[FeedRules]:
    """The rules of stored feeds: their groups from feed_filters, all else from algorithm_config."""
    filters = await loaders.filters_by_feed_id.column([feed.id for feed in feeds])
    return [
        rules_from_rows(feed.algorithm_config, [FilterRow(*row[1:]) for row in rows])
        for feed, rows in zip(feeds, filters, strict=True)
    ]


async def counts_of(sight: PayingSight, rules: FeedRules) -> FeedCounts:
    """What the rules keep and drop of the latest posts, for the viewer."""
    found = queries.feed_counts(sight.database, rules, viewer=sight.viewer_id, me=sight.viewer_id)
    return await _in_time(sight, found)


async def _in_time(sight: PayingSight, found: Awaitable[FoundT]) -> FoundT:
    """What these rules find; COST_LIMIT where that takes longer than a feed may."""
    started = sight.database.loop.time()
    try:
        return await found
    except StatementTimeoutError as error:
        raise CostLimitError(_TOO_COSTLY) from error
    finally:
        took = (sight.database.loop.time() - started) * 1_000
        sight.add_cost(round(max(took - _USUAL_MS, 0)) * _POINTS_PER_MS)
