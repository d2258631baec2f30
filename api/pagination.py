"""Keyset pages: cursors that carry every sort key, requests that are checked before SQL sees them, pages as sources.

A page statement takes both bounds of the page and its limit as parameters (`Window.parameters`), so that the same
statement serves the first page and every other one: where a bound is missing, it is infinitely far away.
"""

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from binascii import b2a_base64
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Generic, NamedTuple, TypeVar

from api.errors import BadCursorError, BadUserInputError

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100

REACH = 10
"""How many pages of rows a statement may look through for one page that the viewer may see (docs/adr/0022)."""

NodeT = TypeVar("NodeT")
OtherT = TypeVar("OtherT")
Key = tuple[datetime | int, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_INT64 = 2**63


class Keyset(NamedTuple):
    """The sort of a list: `field` binds its cursors, `columns` are its keys, newest or largest first.

    A column whose name ends in `_at` holds a time, any other one an integer.
    """

    field: str
    columns: tuple[str, ...]

    def cursor(self, key: Key) -> str:
        plain = self.field
        for word in key:
            plain += f":{(word - _EPOCH) // _MICROSECOND}" if isinstance(word, datetime) else f":{word}"
        # Of plain ASCII, base64 never makes the two characters that URLs do not take.
        return b2a_base64(plain.encode("ascii"), newline=False).decode().rstrip("=")

    def cursors(self, rows: Iterable[object]) -> list[str]:
        """The cursors of rows that hold the keys in attributes of these names."""
        return list(map(self.cursor, map(_reader(self.columns), rows)))

    def key(self, cursor: str) -> Key:
        """The key in a cursor that this keyset made, else BAD_CURSOR."""
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            field, *words = urlsafe_b64decode(padded.encode("ascii")).decode("ascii").split(":")
            key = tuple(_word(column, word) for column, word in zip(self.columns, words, strict=True))
        except (ValueError, OverflowError, Base64Error) as error:
            raise BadCursorError from error
        if field != self.field or self.cursor(key) != cursor:
            raise BadCursorError
        return key


@cache
def _reader(columns: tuple[str, ...]) -> Callable[[object], Key]:
    return attrgetter(*columns)


def _word(column: str, word: str) -> datetime | int:
    number = int(word)
    if not -_INT64 <= number < _INT64:
        raise ValueError(word)
    return _EPOCH + number * _MICROSECOND if column.endswith("_at") else number


class Window(NamedTuple):
    """Which part of a list is asked for. Hashable: the loaders of equal windows are one."""

    keyset: Keyset
    limit: int
    backward: bool
    after: Key | None
    before: Key | None

    @property
    def parameters(self) -> dict[str, object]:
        """`after_COLUMN` and `before_COLUMN` for each key; `limit`, one more than asked, to know of more; `reach`."""
        bounds: dict[str, object] = {"limit": self.limit + 1, "reach": REACH * (self.limit + 1)}
        for index, column in enumerate(self.keyset.columns):
            is_time = column.endswith("_at")
            above, below = ("infinity", "-infinity") if is_time else (_INT64 - 1, -_INT64)
            bounds[f"after_{column}"] = above if self.after is None else self.after[index]
            bounds[f"before_{column}"] = below if self.before is None else self.before[index]
        return bounds


class Relay(NamedTuple):
    """The four arguments of a connection, as they were given."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    def window(self, keyset: Keyset) -> Window:
        """The window that they ask for in a list of this sort, else BAD_USER_INPUT or BAD_CURSOR."""
        if self.first is not None and self.last is not None:
            raise BadUserInputError("Ask for `first` or for `last`, not for both.")
        name, size = ("first", self.first) if self.last is None else ("last", self.last)
        size = DEFAULT_PAGE_SIZE if size is None else size
        if not 1 <= size <= MAX_PAGE_SIZE:
            raise BadUserInputError(f"`{name}` must be between 1 and {MAX_PAGE_SIZE}; it is {size}.")
        return Window(
            keyset,
            size,
            self.last is not None,
            None if self.after is None else keyset.key(self.after),
            None if self.before is None else keyset.key(self.before),
        )


class Edge(NamedTuple, Generic[NodeT]):
    cursor: str
    node: NodeT


class PageInfo(NamedTuple):
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


class Page(Generic[NodeT]):
    """One page of a list, in its order: what a connection field presents.

    `links` are the rows with the sort keys, one for each node, and `ends` the first and the last of all that there
    were; most often they are the nodes themselves. `more` tells of more in the direction of the window. `stop` is the
    key to go on from where the statement looked no further: the page may then be short. Cursors are written only where
    somebody asks for them.
    """

    __slots__ = ("ends", "links", "more", "nodes", "stop", "window")

    def __init__(
        self,
        nodes: Sequence[NodeT],
        window: Window,
        more: bool,
        links: Sequence[object] | None = None,
        ends: Sequence[object] | None = None,
        stop: Key | None = None,
    ) -> None:
        self.nodes = nodes
        self.window = window
        self.more = more
        self.links = nodes if links is None else links
        self.ends = nodes if ends is None else ends
        self.stop = stop

    @property
    def edges(self) -> list[Edge[NodeT]]:
        return list(map(Edge, self.window.keyset.cursors(self.links), self.nodes))

    @property
    def page_info(self) -> PageInfo:
        _, _, backward, after, before = self.window
        ends = (self.ends[0], self.ends[-1]) if self.ends else ()
        start, end = self.window.keyset.cursors(ends) or (None, None)
        if self.stop is not None:
            far = self.window.keyset.cursor(self.stop)
            start, end = (far, end) if backward else (start, far)
        return PageInfo(
            has_next_page=before is not None if backward else self.more,
            has_previous_page=self.more if backward else after is not None,
            start_cursor=start,
            end_cursor=end,
        )

    def hydrated(self, nodes: Sequence[OtherT | None]) -> "Page[OtherT]":
        """The same page with these nodes in place of its own; where there is None, the edge goes."""
        kept = [(link, node) for link, node in zip(self.links, nodes, strict=True) if node is not None]
        return Page(
            [node for _, node in kept], self.window, self.more, [link for link, _ in kept], self.ends, self.stop
        )


def page(window: Window, rows: Sequence[NodeT]) -> Page[NodeT]:
    """A page out of the rows of its statement, in the statement's own order and with its one row too many.

    A row that is a stop ends it: the next page begins with that row, which nobody has looked at yet.
    """
    whole = next((index for index, row in enumerate(rows) if getattr(row, "is_stop", False)), len(rows))
    stop = None
    if whole < min(len(rows), window.limit + 1):
        *words, last = _reader(window.keyset.columns)(rows[whole])
        stop = (*words, _beside(last, -1 if window.backward else 1))
    more = len(rows) > window.limit or stop is not None
    nodes = rows[: min(window.limit, whole)] if more else rows
    return Page(nodes[::-1] if window.backward else nodes, window, more, stop=stop)


def _beside(last: datetime | int, step: int) -> int:
    """The neighbour of a key's last word, which is an id in every list."""
    if isinstance(last, datetime):
        raise TypeError("the last key of a list is an id")
    return last + step
