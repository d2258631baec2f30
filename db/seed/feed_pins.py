"""What stands above demo feeds."""

from collections.abc import Iterable
from typing import NamedTuple

from psycopg import sql

from db.enums import Visibility
from db.seed.posts import Post
from db.seed.tables import FeedRow

_PINNED = 2
_FEEDS = {"Bread and kitchens"}


class FeedPinRow(NamedTuple):
    table = sql.Identifier("app", "feed_pins")
    feed_id: int
    place: int
    post_id: int


def feed_pins(posts: Iterable[Post], feeds: Iterable[FeedRow]) -> list[FeedPinRow]:
    """The owner's own latest posts, so that whoever opens a shared feed sees whose it is."""
    shown = [post for post in posts if not post.is_private and post.text.visibility is Visibility.PUBLIC]
    rows: list[FeedPinRow] = []
    for feed in feeds:
        if feed.name in _FEEDS:
            own = [post.id for post in shown if post.author.id == feed.user_id][-_PINNED:]
            rows += [FeedPinRow(feed.id, place, post) for place, post in enumerate(reversed(own), 1)]
    return rows
