"""Typed calls: one async function for each named statement, with the rows that it returns; nouns as in db/sql/queries.

`is_stop`, in rows of pages: this row is none of the page, and the statement looked no further than here for what may be
seen.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, Protocol


class IdRow(NamedTuple):
    id: int


class StampRow(NamedTuple):
    """When a row was made."""

    id: int
    created_at: datetime


class LinkRow(NamedTuple):
    """A follow, a friendship, a membership or a mute of `owner_id`, leading to the user `id`."""

    owner_id: int
    created_at: datetime
    id: int
    is_stop: bool = False


class PageBounds(Protocol):
    """The part of a list that a page statement reads."""

    @property
    def backward(self) -> bool: ...

    @property
    def rises(self) -> bool:
        """Whether its rows are read in ascending order: backward, or forward in a list whose order is ascending."""
        ...

    @property
    def parameters(self) -> dict[str, object]: ...


def array(ids: Iterable[int | str]) -> str:
    """Ids, or texts of digits, as one text literal of an array: one by one, they would double the driver's cost."""
    return "{" + ",".join(map(str, ids)) + "}"
