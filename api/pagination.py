"""Keyset pages: cursors that carry every sort key, requests that are checked before SQL sees them, pages as sources.

A page statement takes both bounds of the page and its limit as parameters (`Window.parameters`), so that the same
statement serves the first page and every other one: where a bound is missing, it is infinitely far away.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, NamedTuple, TypeVar

from api.errors import BadCursorError, BadUserInputError

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100

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
        words = [str((word - _EPOCH) // _MICROSECOND if isinstance(word, datetime) else word) for word in key]
        return urlsafe_b64encode(":".join((self.field, *words)).encode()).decode().rstrip("=")

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

    def of(self, row: object) -> Key:
        return tuple(getattr(row, column) for column in self.columns)


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
        """`after_COLUMN` and `before_COLUMN` for each key; `limit`, one more than asked, to know of a next page."""
        bounds: dict[str, object] = {"limit": self.limit + 1}
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


@dataclass(slots=True)
class PageInfo:
    """Where a page stands. Cursors are written only when somebody asks."""

    keyset: Keyset
    links: Sequence[object]
    has_next_page: bool
    has_previous_page: bool

    @property
    def start_cursor(self) -> str | None:
        return self.keyset.cursor(self.keyset.of(self.links[0])) if self.links else None

    @property
    def end_cursor(self) -> str | None:
        return self.keyset.cursor(self.keyset.of(self.links[-1])) if self.links else None


@dataclass(slots=True)
class Page(Generic[NodeT]):
    """One page of a list, in its order: what a connection field presents.

    `links` are the rows with the sort keys, one for each node; most often they are the nodes themselves.
    """

    nodes: Sequence[NodeT]
    links: Sequence[object]
    page_info: PageInfo

    @property
    def edges(self) -> list[Edge[NodeT]]:
        keyset = self.page_info.keyset
        return [Edge(keyset.cursor(keyset.of(link)), node) for link, node in zip(self.links, self.nodes, strict=True)]

    def hydrated(self, nodes: Sequence[OtherT | None]) -> "Page[OtherT]":
        """The same page with these nodes in place of its own; where there is None, the edge goes."""
        kept = [(link, node) for link, node in zip(self.links, nodes, strict=True) if node is not None]
        return Page([node for _, node in kept], [link for link, _ in kept], self.page_info)


def page(window: Window, rows: Sequence[NodeT]) -> Page[NodeT]:
    """A page out of the rows of its statement, in the statement's own order and with its one row too many."""
    more = len(rows) > window.limit
    nodes = list(rows[: window.limit]) if more else list(rows)
    if window.backward:
        nodes.reverse()
    info = PageInfo(
        window.keyset,
        nodes,
        has_next_page=window.before is not None if window.backward else more,
        has_previous_page=more if window.backward else window.after is not None,
    )
    return Page(nodes, nodes, info)
