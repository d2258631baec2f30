"""Who may see what: the side of it that Python decides.

SQL decides which rows there are for somebody who looks: `db/sql/functions/visibility.sql`, before any LIMIT. What
stands here is about rows that such a statement has already given: what of them is shown, and to whom they belong. An
id that comes from outside (a look-up, an input, an event) is asked for through `Loaders.node`, and so through that SQL
again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from db.pool import Database
from db.queries.comments import CommentRow
from db.queries.sessions import SessionRow
from db.queries.users import ProfileRow, UserRow

ItemT = TypeVar("ItemT")


class Sight(Protocol):
    """Who looks, and through which connection."""

    @property
    def viewer_id(self) -> int | None: ...

    @property
    def database(self) -> Database: ...

    async def session(self) -> SessionRow | None: ...


@dataclass(slots=True)
class FeedTime:
    """The time that all feeds of one operation have taken: their statements run one after the other."""

    free_ms: float = 1_000
    under_way: int = 0
    since: float = 0  # when the one that the server runs began, by the clock of this process
    has_left: bool = False


class PayingSight(Sight, Protocol):
    """Who looks, and pays for what it takes."""

    @property
    def surcharge(self) -> int: ...

    @property
    def feed_time(self) -> FeedTime:
        """What the feeds of the operation have taken."""
        ...

    def add_cost(self, points: int) -> None:
        """Let the operation cost more than what stands in its document."""
        ...


class Owned(Protocol):
    """A row that belongs to somebody."""

    @property
    def user_id(self) -> int: ...


def owned(rows: Iterable[Owned], sight: Sight) -> list[bool]:
    """Whether each row is the viewer's own: what it may change. Nothing belongs to somebody signed out."""
    return [row.user_id == sight.viewer_id for row in rows]


def authors(comments: Iterable[CommentRow]) -> list[int | None]:
    """Whose names stand under these comments: a deleted one that stays for its replies has none."""
    return [comment.user_id if comment.deleted_at is None else None for comment in comments]


def editable(comments: Iterable[CommentRow], sight: Sight) -> list[bool]:
    """Whether the viewer may change each comment: its author, until it is deleted."""
    return [comment.user_id == sight.viewer_id and comment.deleted_at is None for comment in comments]


def deletable(comments: Iterable[CommentRow], posts: Iterable[Owned | None], sight: Sight) -> list[bool]:
    """Whether the viewer may delete each comment on these posts: who wrote it and whose post it is on, once."""
    return [
        comment.deleted_at is None
        and (comment.user_id == sight.viewer_id or (post is not None and post.user_id == sight.viewer_id))
        for comment, post in zip(comments, posts, strict=True)
    ]


def profile(user: UserRow | None) -> ProfileRow | None:
    """The profile of a user, where the viewer may see both."""
    return None if user is None or user.visibility is None else ProfileRow._make((user.id, *user[4:]))


def speaker(feed: Owned, sight: Sight, *, as_owner: bool) -> int | None:
    """Whose friends and follows the rules of a feed speak of: its reader's or, in a section, its owner's."""
    return feed.user_id if as_owner else sight.viewer_id


def seen(rows: Sequence[ItemT | None]) -> list[ItemT]:
    """Those of these rows that there are for the viewer."""
    return [row for row in rows if row is not None]
