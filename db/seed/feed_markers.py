"""How far people have read their Following feeds."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from psycopg import sql

from db.queries.feeds import following_feed_id
from db.seed.posts import Post
from db.seed.tables import FollowRow

UNREAD = 3


class FeedMarkerRow(NamedTuple):
    table = sql.Identifier("app", "feed_markers")
    user_id: int
    feed_id: int
    rules_version: int
    post_created_at: datetime
    post_id: int
    set_at: datetime


def feed_markers(posts: Iterable[Post], follows: Iterable[FollowRow], at: datetime) -> list[FeedMarkerRow]:
    """Everybody who follows somebody has left their latest posts unread."""
    followed: dict[int, set[int]] = {}
    for follow in follows:
        followed.setdefault(follow.follower_id, set()).add(follow.following_id)
    shown = [post for post in posts if not post.is_private]
    rows: list[FeedMarkerRow] = []
    for person, people in sorted(followed.items()):
        read = [post for post in shown if post.author.id in people][:-UNREAD]
        if read:
            last = read[-1]
            rows.append(FeedMarkerRow(person, following_feed_id(person), 1, last.at, last.id, at))
    return rows
