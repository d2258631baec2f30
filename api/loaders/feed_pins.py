"""The posts that stand above feeds, as far as they could be in a feed of whoever reads it."""

from asyncio import Future, gather
from collections.abc import Sequence
from typing import TYPE_CHECKING

from api.gql.errors import CostLimitError
from api.gql.visibility import PayingSight
from api.loaders.base import ListLoader
from api.loaders.feed_pages import Outcomes, own_reading
from db.documents.feed_rules import FeedRules
from db.queries import feed_pins
from db.queries.feed_pins import FeedPinRow
from db.queries.feeds import FeedRow
from db.queries.posts import PostRow

if TYPE_CHECKING:
    from api.loaders import Loaders


class PinsByFeedIdLoader(ListLoader[FeedPinRow]):
    key = "feed_id"

    def rows(self, keys: list[int]) -> Future[list[FeedPinRow]]:
        return feed_pins.pins_by_feed_ids(self.sight.database, keys)


async def pinned_posts(
    sight: PayingSight, loaders: "Loaders", feeds: Sequence[FeedRow]
) -> list[list[PostRow] | CostLimitError]:
    """The posts above each feed, in the order of its owner.

    The rules of a feed say nothing of them; what all feeds ask holds for them too: whom the reader mutes, with which
    words, and what feeds reach. So whatever is left out of `Feed.posts` as pinned is here, or would not be there.
    """
    pins = await loaders.pins_by_feed_id.column([feed.id for feed in feeds])
    ids = sorted({pin.post_id for above in pins for pin in above})
    if not ids:
        return [[] for _ in feeds]
    reading = await own_reading(sight, loaders)
    try:
        outcomes, rows = await gather(Outcomes(reading, FeedRules(), ids).by_id(), loaders.post_by_id.column(ids))
    except CostLimitError as error:
        return [error if above else [] for above in pins]
    shown = {
        post.id: post
        for post in rows
        if post is not None and (outcome := outcomes.get(post.id)) is not None and outcome.is_for_all_feeds
    }
    return [[shown[pin.post_id] for pin in above if pin.post_id in shown] for above in pins]
