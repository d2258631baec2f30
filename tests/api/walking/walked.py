"""Lists whose rows come and go: each as the API answers for it, and as a plain list of what is in its table."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from api.gql.ids import encode
from api.gql.pagination import REACH
from tests.api.conftest import Api
from tests.factories import Factory

TIMES = 6  # that rows of a list have: most are at the same time as others
INTERVAL = timedelta(minutes=7)
_PAGING = {"first": "Int", "after": "String", "last": "Int", "before": "String"}


class Row(NamedTuple):
    """`key` is what the list is sorted by, the largest first; `node` is None where the viewer may not see it.

    `at` is when it was written, and its id, where the list is sorted by something else.
    """

    key: tuple[int, ...]
    node: str | None
    other: Any
    at: tuple[int, int] = (0, 0)


@dataclass
class Walked:
    """One list. Its rows are in `table`, and `column` names somebody or something else, which decides who may see them.

    `path` has PAGE in the place of the arguments, and BODY in that of the selection. At most so many rows have the same
    other. Cursors sort by one of TIMES values and then by `tie`, the name of a column.
    """

    path: str
    table: str
    column: str
    viewer: int | None
    seen: Sequence[Any]
    hidden: Sequence[Any]
    node: Callable[[int, Any], str]
    fixed: dict[str, object]
    start: datetime
    tie: str = "id"
    most: int = 1000
    at: tuple[str, ...] = ("created_at",)
    counted: bool = False
    """Whether the list is sorted by a number and not by a time."""
    ascending: bool = False
    rank: Callable[[int], int] = int
    soft: bool = False
    """Whether a row may also be marked as deleted."""
    stops: bool = True
    """Whether its statement looks through a bounded number of rows."""
    least_reach: int = 0
    """How many rows it looks through also for a short page."""
    name: str | None = None
    """A column that holds another value in each row."""
    name_of: Callable[[random.Random], object] = lambda chance: f"{chance.getrandbits(64)}"
    marks: dict[str, object] = field(default_factory=dict[str, object])
    """What hidden rows have besides."""
    rows: dict[int, Row] = field(default_factory=dict[int, Row])
    rest: dict[int, Row] = field(default_factory=dict[int, Row])
    """Rows that nobody changes."""

    @property
    def unique(self) -> bool:
        return self.most == 1

    def in_order(self, cursor: str | None = None) -> list[Row]:
        """All rows as the API should list them from this cursor, those that the viewer may not see included."""
        del cursor
        rows = [*self.rows.values(), *self.rest.values()]
        return sorted(rows, key=lambda row: row.key, reverse=not self.ascending)

    def nodes(self) -> set[str]:
        """What the viewer may see of it."""
        return {row.node for rows in (self.rows, self.rest) for row in rows.values() if row.node is not None}

    def side(self, other: Any) -> int:
        """Which of the tables that its statement joins has the row: it stops in each of them by itself."""
        del other
        return 0

    def reach(self, size: int) -> int:
        return max(REACH * (size + 1), self.least_reach)

    def through(self, ahead: Sequence[Row], size: int) -> tuple[list[Row], bool]:
        """The rows that a page of this size looks at, without the one that it stops at, and whether it stops."""
        looked = Counter[int]()
        for place, row in enumerate(ahead if self.stops else ()):
            looked[side := self.side(row.other)] += 1
            if looked[side] == self.reach(size):
                return list(ahead[:place]), True
        return list(ahead), False

    def refresh(self, make: Factory) -> None:
        """Look which other rows there are now."""

    def insert(
        self,
        make: Factory,
        chance: random.Random,
        *,
        hidden: bool = False,
        time: int | None = None,
        side: int | None = None,
    ) -> bool:
        """Whether there was anybody left for another row."""
        used = Counter[Any](row.other for row in self.rows.values())
        free = [
            one
            for one in (self.hidden if hidden else self.seen)
            if used[one] < self.most and (side is None or self.side(one) == side)
        ]
        if not free:
            return False
        other = chance.choice(free)
        row = self.add(make, chance, other, chance.randrange(TIMES) if time is None else time, hidden=hidden)
        tie = row.key[-1]
        self.rows[tie] = row if hidden else row._replace(node=self.node(tie, other))
        return True

    def add(self, make: Factory, chance: random.Random, other: Any, level: int, *, hidden: bool) -> Row:
        """A new row of this level, the lowest of which is -1."""
        value = level + 1 if self.counted else self.moment(level)
        given = {**self.fixed, **(self.marks if hidden else {}), self.column: other, **dict.fromkeys(self.at, value)}
        if self.name is not None:
            given[self.name] = self.name_of(chance)
        tie = make.insert(self.table, self.tie, **given)
        return Row((self.rank(value if isinstance(value, int) else micros(value)), tie), None, other)

    def moment(self, level: int) -> datetime:
        return self.start + INTERVAL * level

    def delete(self, make: Factory, chance: random.Random) -> None:
        if self.rows:
            tie = chance.choice(sorted(self.rows))
            self.remove(make, chance, self.rows.pop(tie))

    def remove(self, make: Factory, chance: random.Random, row: Row) -> None:
        mark = self.soft and chance.random() < 0.5
        how = f"UPDATE {self.table} SET deleted_at = now()" if mark else f"DELETE FROM {self.table}"
        # The ids among the fixed values: with the tie they are the key where that is no id of its own.
        keys = {self.tie: row.key[-1], **{name: one for name, one in self.fixed.items() if name.endswith("_id")}}
        where = " AND ".join(f"{name} = %s" for name in keys)
        assert make.connection.execute(f"{how} WHERE {where}".encode(), [*keys.values()]).rowcount == 1

    async def page(self, api: Api, **given: object) -> dict[str, Any]:
        """The page with these arguments. The document is always the same: it is read once."""
        body = "edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
        path = self.path.replace("PAGE", ", ".join(f"{name}: ${name}" for name in _PAGING))
        declared = ", ".join(f"${name}: {type_}" for name, type_ in _PAGING.items())
        query = f"query ({declared}) {{ {path.replace('BODY', f'{{ {body} }}')} }}"
        found: Any = await api.run(query, viewer=self.viewer, **given)
        while "edges" not in found:
            (found,) = found.values()
        return found


def micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def own(type_: str) -> Callable[[int, Any], str]:
    """The row is what the list shows."""
    return lambda tie, _: encode(type_, tie)


def other(type_: str) -> Callable[[int, Any], str]:
    """The list shows what the row leads to."""
    return lambda _, other: encode(type_, other)
