"""Who is in the world, and what adds their rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import psycopg

from tests.rows import insert

AUTHORS: Mapping[str, tuple[str, str]] = {
    "open": ("public", "active"),
    "close": ("followers", "active"),
    "shut": ("private", "active"),
    "shy": ("public", "active"),
    "out": ("public", "suspended"),
    "gone": ("public", "deleted"),
}
AUDIENCES = {"open": "followers", "close": "friends", "shut": "nobody", "shy": "everyone"}
VIEWERS = ("stranger", "follower", "friend", "blocked", "blocker", "muter")
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class World:
    connection: psycopg.Connection
    people: dict[str, int] = field(default_factory=dict[str, int])
    clock: Any = field(default_factory=lambda: count(1))
    words: Any = field(default_factory=lambda: count(1000))

    @property
    def authors(self) -> list[int]:
        return [self.people[name] for name in AUTHORS]

    def word(self) -> str:
        """A canary: found again in any answer, and in no other place of the world."""
        return f"zq{next(self.words)}zq"

    def drawn(self, table: str) -> int:
        """An id that no row of this table has."""
        row = self.connection.execute(f"SELECT nextval('public.{table}_id_seq')".encode()).fetchone()
        assert row is not None
        return int(row[0])

    def now(self) -> datetime:
        return BEGINNING + timedelta(minutes=next(self.clock))

    def add(self, table: str, **values: object) -> int:
        row = insert(self.connection, f"{'' if '.' in table else 'public.'}{table}", **values)
        return int(str(row.get("id", 0)))


def feed_token(feed: int, purpose: str) -> str:
    """What opens a feed to whoever has it."""
    return f"{purpose}-{feed}"


def token(person: int) -> str:
    """What a person of the world signs its requests with."""
    return f"of the world, {person}"
