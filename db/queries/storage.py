"""The storage that people use, beside a recount; see db/maintenance/counters.py for the order."""

from asyncio import Future
from collections.abc import Iterable, Sequence

from db.pool import Database
from db.queries import array, counters
from db.queries.counters import CounterRow
from db.statements import load

_STATEMENTS = load("storage")


def users_without_storage(database: Database, ids: Iterable[int]) -> Future[list[CounterRow]]:
    return database.fetch(_STATEMENTS["users_without_storage"], CounterRow, ids=array(ids))


async def lock_users(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["lock_users"], ids=counters.ids_of(rows))


async def add_storage(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["add_storage"], ids=counters.ids_of(rows))


async def ensure_storage(database: Database, user_id: int) -> None:
    """Give a user an empty row if there is none."""
    await add_storage(database, [CounterRow([user_id], [0], [1])])


def drifted_storage(database: Database, ids: Iterable[int]) -> Future[list[CounterRow]]:
    return database.fetch(_STATEMENTS["drifted_storage"], CounterRow, ids=array(ids))


async def lock_storage(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["lock_storage"], ids=counters.ids_of(rows))


async def heal_storage(database: Database, rows: Sequence[CounterRow]) -> None:
    used, images, videos, audio, other = counters.counts_of(rows)
    await database.execute(
        _STATEMENTS["heal_storage"],
        ids=counters.ids_of(rows),
        used=used,
        images=images,
        videos=videos,
        audio=audio,
        other=other,
    )
