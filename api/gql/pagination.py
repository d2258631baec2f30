"""Keyset pages: cursors that carry every sort key, requests that are checked before SQL sees them, pages as sources.

A page statement takes both bounds of the page and its limit as parameters (`Window.parameters`), so that the same
statement serves the first page and every other one: where a bound is missing, it is infinitely far away.
"""

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from binascii import b2a_base64
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import compress, count, repeat
from operator import attrgetter
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from api.gql.errors import BadCursorError, BadUserInputError

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
_IS_STOP = attrgetter("is_stop")
_LEAST = 1 - _INT64  # of a key: SQL reads the number below it as the negative of one that is too large


class Keyset(NamedTuple):
    """The sort of a list: `field` binds its cursors, `columns` are its keys, newest or largest first.

    With `ascending` the oldest or smallest come first. A column whose name ends in `_at` holds a time, any other one an
    integer.
    """

    field: str
    columns: tuple[str, ...]
    ascending: bool = False

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
    if not _LEAST <= number < _INT64:
        raise ValueError(word)
    return _EPOCH + number * _MICROSECOND if column.endswith("_at") else number


class Window(NamedTuple):
    """Which part of a list is asked for. Hashable: the loaders of equal windows are one.

    `reach` is how many rows the statement may look through; None for as many as are right for the limit.
    """

    keyset: Keyset
    limit: int
    backward: bool
    after: Key | None
    before: Key | None
    reach: int | None = None

    @property
    def following(self) -> "Window | None":
        """Of no rows, to ask whether there is more at `before` or after it. None without `before`."""
        if self.before is None:
            return None
        return self._outside(backward=False, after=_beside(self.before, self._up))

    @property
    def preceding(self) -> "Window | None":
        """Of no rows, to ask whether there is more at `after` or before it. None without `after`."""
        if self.after is None:
            return None
        return self._outside(backward=True, before=_beside(self.after, -self._up))

    def _outside(self, *, backward: bool, after: Key | None = None, before: Key | None = None) -> "Window":
        """Read away from this window, through as many rows as its own statement does."""
        return Window(self.keyset, 0, backward, after, before, self._reach)

    @property
    def rises(self) -> bool:
        """Whether SQL reads it in ascending order."""
        return self.backward != self.keyset.ascending

    @property
    def _up(self) -> int:
        """The step from a key to the one before it in the list."""
        return -1 if self.keyset.ascending else 1

    @property
    def _reach(self) -> int:
        return REACH * (self.limit + 1) if self.reach is None else self.reach

    @property
    def parameters(self) -> dict[str, object]:
        """`after_COLUMN` and `before_COLUMN` for each key, as in descending order; `limit`, one too many; `reach`."""
        highest, lowest = (self.before, self.after) if self.keyset.ascending else (self.after, self.before)
        bounds: dict[str, object] = {"limit": self.limit + 1, "reach": self._reach}
        for index, column in enumerate(self.keyset.columns):
            is_time = column.endswith("_at")
            above, below = ("infinity", "-infinity") if is_time else (_INT64 - 1, -_INT64)
            bounds[f"after_{column}"] = above if highest is None else highest[index]
            bounds[f"before_{column}"] = below if lowest is None else lowest[index]
        return bounds


class Relay(NamedTuple):
    """The four arguments of a connection, as they were given."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether they leave it to the list how long a page is."""
        return self.first is None and self.last is None

    def or_first(self, size: int) -> "Relay":
        """The same, with a page size of the list's own where none was given."""
        return self._replace(first=size) if self.is_open else self

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


Beyond: TypeAlias = Callable[[Window], Awaitable[bool]]
"""Asks the statement of a page whether another window of the same list has a row."""


class Page(Generic[NodeT]):
    """One page of a list, in its order: what a connection field presents.

    `links` are the rows with the sort keys, one for each node, and `ends` the first and the last of all that there
    were; most often they are the nodes themselves. `more`: there is more in the direction of the window; `beyond` finds
    out about the other side. `stop` is the key to go on from where the statement looked no further: the page may
    then be short. Cursors are written only where somebody asks for them.
    """

    __slots__ = ("beyond", "ends", "links", "more", "nodes", "stop", "window")

    def __init__(
        self,
        nodes: Sequence[NodeT],
        window: Window,
        more: bool,
        beyond: Beyond,
        links: Sequence[object] | None = None,
        ends: Sequence[object] | None = None,
        stop: Key | None = None,
    ) -> None:
        self.nodes = nodes
        self.window = window
        self.more = more
        self.beyond = beyond
        self.links = nodes if links is None else links
        self.ends = nodes if ends is None else ends
        self.stop = stop

    @property
    def edges(self) -> list[Edge[NodeT]]:
        return list(map(Edge, self.window.keyset.cursors(self.links), self.nodes))

    @property
    def page_info(self) -> "Page[NodeT]":
        """The page itself: it knows where it stands."""
        return self

    @property
    def start_cursor(self) -> str | None:
        return self._cursor(0, stopped=self.window.backward)

    @property
    def end_cursor(self) -> str | None:
        return self._cursor(-1, stopped=not self.window.backward)

    def _cursor(self, end: int, *, stopped: bool) -> str | None:
        """The cursor at one end, which is the stop where the page stopped at this end."""
        if stopped and self.stop is not None:
            return self.window.keyset.cursor(self.stop)
        return self.window.keyset.cursors([self.ends[end]])[0] if self.ends else None

    def has_next_page(self) -> bool | Awaitable[bool]:
        """Whether there is a row after the page; one at `before` counts."""
        return (self.more and not self.window.backward) or self._any(self.window.following)

    def has_previous_page(self) -> bool | Awaitable[bool]:
        """Whether there is a row before the page; one at `after` counts."""
        return (self.more and self.window.backward) or self._any(self.window.preceding)

    def _any(self, outside: Window | None) -> bool | Awaitable[bool]:
        return False if outside is None else self.beyond(outside)

    def cut(self, size: int) -> "Page[NodeT]":
        """The first so many of a page that was read forward."""
        if len(self.nodes) <= size:
            return self
        window, links = self.window._replace(limit=size), self.links[:size]
        return Page(self.nodes[:size], window, True, self.beyond, links, links)

    def hydrated(self, nodes: Sequence[OtherT | None]) -> "Page[OtherT]":
        """The same page with these nodes in place of its own; where there is None, the edge goes."""
        kept = [(link, node) for link, node in zip(self.links, nodes, strict=True) if node is not None]
        links, left = [link for link, _ in kept], [node for _, node in kept]
        return Page(left, self.window, self.more, self.beyond, links, self.ends, self.stop)


def page(window: Window, rows: Sequence[NodeT], beyond: Beyond) -> Page[NodeT]:
    """A page out of the rows of its statement, in the statement's own order and with its one row too many.

    A row that is a stop ends it: the next page begins with that row, which nobody has looked at yet.
    """
    return (_stopped_page if _has_stops(rows) else _whole_page)(window, rows, beyond)


def pages(window: Window, lists: Sequence[Sequence[NodeT]], beyond: Iterable[Beyond]) -> Iterable[Page[NodeT]]:
    """As `page`, for each list of rows."""
    make = _stopped_page if any(map(_has_stops, lists)) else _whole_page
    return map(make, repeat(window), lists, beyond)


def _has_stops(rows: Sequence[object]) -> bool:
    return bool(rows) and hasattr(rows[0], "is_stop") and any(map(_IS_STOP, rows))


def _whole_page(window: Window, rows: Sequence[NodeT], beyond: Beyond) -> Page[NodeT]:
    more = len(rows) > window.limit
    nodes = rows[: window.limit] if more else rows
    return Page(nodes[::-1] if window.backward else nodes, window, more, beyond)


def _stopped_page(window: Window, rows: Sequence[NodeT], beyond: Beyond) -> Page[NodeT]:
    whole = next(compress(count(), map(_IS_STOP, rows)), window.limit + 1)
    if whole > window.limit:
        return _whole_page(window, rows, beyond)
    stop = _beside(_reader(window.keyset.columns)(rows[whole]), -1 if window.rises else 1)
    nodes = rows[:whole]
    return Page(nodes[::-1] if window.backward else nodes, window, True, beyond, stop=stop)


def _beside(key: Key, step: int) -> Key:
    """The neighbour of a key: its last word, which is an id in every list, moved by one."""
    *words, last = key
    if isinstance(last, datetime):
        raise TypeError("the last key of a list is an id")
    return (*words, min(max(last + step, _LEAST), _INT64 - 1))
