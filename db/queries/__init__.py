"""Typed calls: one async function for each named statement, the nouns those of db/sql/queries."""

from collections.abc import Iterable
from typing import Protocol


class PageBounds(Protocol):
    """The part of a list that a page statement reads."""

    @property
    def backward(self) -> bool: ...

    @property
    def parameters(self) -> dict[str, object]: ...


def array(ids: Iterable[int]) -> str:
    """Ids as one text literal for `::bigint[]`: converted one by one, they would double the driver's cost."""
    return "{" + ",".join(map(str, ids)) + "}"
