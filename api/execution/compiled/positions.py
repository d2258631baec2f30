"""The positions of a column's values in the response. Paths are computed only on demand."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple


class Step(NamedTuple):
    """One key of a path, and the type that has the field, unless it is an index.

    `order` sorts siblings as the document does; a `required` position may not be null.
    """

    key: str | int
    typename: str | None
    order: int
    required: bool


class Positions(ABC):
    """The positions of all values of a column."""

    __slots__ = ()

    @abstractmethod
    def steps(self, index: int) -> list[Step]:
        """The way from the root of the response to the value with this index."""


class RootPosition(Positions):
    """The response itself."""

    __slots__ = ()

    def steps(self, index: int) -> list[Step]:
        del index
        return []


class FieldPositions(Positions):
    """The values of one field of the objects at other positions."""

    __slots__ = ("_parents", "_step")

    def __init__(self, parents: Positions, step: Step) -> None:
        self._parents = parents
        self._step = step

    def steps(self, index: int) -> list[Step]:
        return [*self._parents.steps(index), self._step]


class ItemPositions(Positions):
    """The elements of the lists at other positions, one list after the other."""

    __slots__ = ("_lengths", "_lists", "_required")

    def __init__(self, lists: Positions, lengths: Sequence[int], *, required: bool) -> None:
        self._lists = lists
        self._lengths = lengths
        self._required = required

    def steps(self, index: int) -> list[Step]:
        owner = 0
        while index >= self._lengths[owner]:
            index -= self._lengths[owner]
            owner += 1
        return [*self._lists.steps(owner), Step(index, None, index, self._required)]


class SubsetPositions(Positions):
    """Some of the values at other positions, by their indices there."""

    __slots__ = ("_indices", "_whole")

    def __init__(self, whole: Positions, indices: Sequence[int]) -> None:
        self._whole = whole
        self._indices = indices

    def steps(self, index: int) -> list[Step]:
        return self._whole.steps(self._indices[index])
