"""How far the viewer has read feeds, and how many posts are new there since."""

from asyncio import Future
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from api.gql.errors import CostLimitError
from api.gql.pagination import Key, Keyset, Window
from api.gql.visibility import PayingSight, speaker
from api.loaders.base import RowLoader
from api.loaders.feed_budget import budget_of
from api.loaders.feed_pages import Reading, keyset_of
from api.loaders.feeds import rules_of
from api.loaders.home_feed import HOME_FEED, home_page_without
from api.loaders.mute_words import mute_patterns
from db.documents.feed_rules import FeedRules
from db.feeds import FeedPage
from db.queries import feed_markers, feeds
from db.queries.feed_markers import FeedMarkerRow
from db.queries.feeds import FeedRow

if TYPE_CHECKING:
    from api.loaders import Loaders

MOST_NEW_POSTS = 100


class FeedMarker(NamedTuple):
    """A place in a feed as it is sorted now."""

    keyset: Keyset
    key: Key
    post_id: int
    set_at: datetime

    @property
    def cursor(self) -> str:
        return self.keyset.cursor(self.key)


class FeedMarkerByFeedIdLoader(RowLoader[FeedMarkerRow]):
    key = "feed_id"

    def rows(self, keys: list[int]) -> Future[list[FeedMarkerRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return feed_markers.markers_by_feed_ids(self.sight.database, self.sight.viewer_id, keys)


async def markers_of(loaders: "Loaders", rows: Sequence[FeedRow]) -> list[FeedMarker | None]:
    """The viewer's marker of each feed. Under RECENT it outlives a change of the rules, which moves no post.

    Feeds of what is unseen have none: they begin with what is new by themselves.
    """
    noted = await loaders.feed_marker_by_feed_id.column([feed.id for feed in rows])
    marked = [feed for feed, one in zip(rows, noted, strict=True) if one is not None]
    rules = {feed.id: one for feed, one in zip(marked, await rules_of(loaders, marked), strict=True)}
    return [None if one is None else _marker(feed, one, rules[feed.id]) for feed, one in zip(rows, noted, strict=True)]


def _marker(feed: FeedRow, row: FeedMarkerRow, rules: FeedRules) -> FeedMarker | None:
    if rules.unseen_only:
        return None
    keyset = keyset_of(feed, rules)
    by_time = "score" not in keyset.columns
    if by_time != (row.score is None) or not (by_time or row.rules_version == feed.rules_version):
        return None
    key = (row.created_at, row.id) if row.score is None else (row.score, row.created_at, row.id)
    return FeedMarker(keyset, key, row.id, row.set_at)


async def new_posts_counts(
    sight: PayingSight, loaders: "Loaders", rows: Sequence[FeedRow]
) -> list[int | CostLimitError]:
    """How many posts stand before the viewer's marker in each feed, up to MOST_NEW_POSTS; 0 without a marker."""
    markers = await markers_of(loaders, rows)
    marked = [feed for feed, marker in zip(rows, markers, strict=True) if marker is not None]
    rules = {feed.id: one for feed, one in zip(marked, await rules_of(loaders, marked), strict=True)}
    words = await mute_patterns(loaders) if marked else None
    counts: list[int | CostLimitError] = []
    for feed, marker in zip(rows, markers, strict=True):
        if marker is None:
            counts.append(0)
            continue
        try:
            me = speaker(feed, sight, as_owner=False)
            reading = Reading(sight, me, words, budget_of(sight, feed), pins_of=feed.id)
            counts.append(await _count(reading, sight, feed, rules[feed.id], marker))
        except CostLimitError as error:  # the other feeds have their counts
            counts.append(error)
    return counts


async def _count(reading: Reading, sight: PayingSight, feed: FeedRow, rules: FeedRules, marker: FeedMarker) -> int:
    if feed.is_built_in:
        window = Window(HOME_FEED, MOST_NEW_POSTS, backward=False, after=None, before=marker.key)
        return len((await home_page_without(sight, feed.user_id, window, reading.words)).nodes)
    page = FeedPage(MOST_NEW_POSTS, before=marker.key)
    ask = partial(feeds.custom_feed, sight.database, rules, page, **reading.given)
    return sum(not post.is_stop for post in await reading.run(ask, rules))
