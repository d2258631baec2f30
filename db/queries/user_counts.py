"""How many followers, friends and posts people have, beside a recount; see db/maintenance/counters.py."""

from asyncio import Future
from collections.abc import Iterable, Sequence

from db.pool import Database
from db.queries import array, counters
from db.queries.counters import CounterRow
from db.statements import load

_STATEMENTS = load("user_counts")


def users_without_counts(database: Database, ids: Iterable[int]) -> Future[list[CounterRow]]:
    return database.fetch(_STATEMENTS["users_without_counts"], CounterRow, ids=array(ids))


async def lock_what_user_counts_count(database: Database, _rows: Sequence[CounterRow]) -> None:
    """Lock tables, before anything else: whoever waits for a table while holding a row may wait in a circle."""
    await database.execute(_STATEMENTS["lock_what_user_counts_count"])


async def add_user_counts(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["add_user_counts"], ids=counters.ids_of(rows))


def drifted_user_counts(database: Database, ids: Iterable[int]) -> Future[list[CounterRow]]:
    return database.fetch(_STATEMENTS["drifted_user_counts"], CounterRow, ids=array(ids))


async def lock_user_counts(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["lock_user_counts"], ids=counters.ids_of(rows))


async def heal_user_counts(database: Database, rows: Sequence[CounterRow]) -> None:
    followers, followed, friends, posts = counters.counts_of(rows)
    await database.execute(
        _STATEMENTS["heal_user_counts"],
        ids=counters.ids_of(rows),
        followers=followers,
        followed=followed,
        friends=friends,
        posts=posts,
    )
