"""Counters, friendships and storage beside what a recount says; see db/maintenance/counters.py for the order."""

from asyncio import Future
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, array
from db.statements import load

_STATEMENTS = load("counters")


class ExtentsRow(NamedTuple):
    """The highest id of each table."""

    posts: int
    comments: int
    users: int


class CounterRow(NamedTuple):
    """What is stored and what a recount says, column by column, for the row or the pair with this key."""

    key: list[int]
    stored: list[int]
    counted: list[int]


async def counter_extents(database: Database) -> ExtentsRow:
    (row,) = await database.fetch(_STATEMENTS["counter_extents"], ExtentsRow)
    return row


def post_ids_after(database: Database, after: int, size: int) -> Future[list[IdRow]]:
    return database.fetch(_STATEMENTS["post_ids_after"], IdRow, after=after, size=size)


def drifted_posts(database: Database, ids: Iterable[int]) -> Future[list[CounterRow]]:
    return database.fetch(_STATEMENTS["drifted_posts"], CounterRow, ids=array(ids))


async def lock_posts(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["lock_posts"], ids=_ids(rows))


async def heal_posts(database: Database, rows: Sequence[CounterRow]) -> None:
    likes, comments, reposts = _counted(rows)
    await database.execute(
        _STATEMENTS["heal_posts"], ids=_ids(rows), likes=likes, comments=comments, reposts=reposts
    )  # fmt: skip


def comment_ids_after(database: Database, after: int, size: int) -> Future[list[IdRow]]:
    return database.fetch(_STATEMENTS["comment_ids_after"], IdRow, after=after, size=size)


def drifted_comments(database: Database, ids: Iterable[int]) -> Future[list[CounterRow]]:
    return database.fetch(_STATEMENTS["drifted_comments"], CounterRow, ids=array(ids))


async def lock_comments(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["lock_comments"], ids=_ids(rows))


async def heal_comments(database: Database, rows: Sequence[CounterRow]) -> None:
    likes, replies = _counted(rows)
    await database.execute(_STATEMENTS["heal_comments"], ids=_ids(rows), likes=likes, replies=replies)


def user_ids_after(database: Database, after: int, size: int) -> Future[list[IdRow]]:
    return database.fetch(_STATEMENTS["user_ids_after"], IdRow, after=after, size=size)


def drifted_friendships(database: Database, ids: Iterable[int]) -> Future[list[CounterRow]]:
    return database.fetch(_STATEMENTS["drifted_friendships"], CounterRow, ids=array(ids))


async def lock_pairs(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["lock_pairs"], lower=_ids(rows), higher=_ids(rows, 1))


async def heal_friendships(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["heal_friendships"], lower=_ids(rows), higher=_ids(rows, 1))


def users_without_storage(database: Database, ids: Iterable[int]) -> Future[list[CounterRow]]:
    return database.fetch(_STATEMENTS["users_without_storage"], CounterRow, ids=array(ids))


async def lock_users(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["lock_users"], ids=_ids(rows))


async def add_storage(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["add_storage"], ids=_ids(rows))


def drifted_storage(database: Database, ids: Iterable[int]) -> Future[list[CounterRow]]:
    return database.fetch(_STATEMENTS["drifted_storage"], CounterRow, ids=array(ids))


async def lock_storage(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["lock_storage"], ids=_ids(rows))


async def heal_storage(database: Database, rows: Sequence[CounterRow]) -> None:
    used, images, videos, audio, other = _counted(rows)
    await database.execute(
        _STATEMENTS["heal_storage"],
        ids=_ids(rows),
        used=used,
        images=images,
        videos=videos,
        audio=audio,
        other=other,
    )


def users_without_counts(database: Database, ids: Iterable[int]) -> Future[list[CounterRow]]:
    return database.fetch(_STATEMENTS["users_without_counts"], CounterRow, ids=array(ids))


async def lock_what_user_counts_count(database: Database, _rows: Sequence[CounterRow]) -> None:
    """Lock tables, before anything else: whoever waits for a table while holding a row may wait in a circle."""
    await database.execute(_STATEMENTS["lock_what_user_counts_count"])


async def add_user_counts(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["add_user_counts"], ids=_ids(rows))


def drifted_user_counts(database: Database, ids: Iterable[int]) -> Future[list[CounterRow]]:
    return database.fetch(_STATEMENTS["drifted_user_counts"], CounterRow, ids=array(ids))


async def lock_user_counts(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["lock_user_counts"], ids=_ids(rows))


async def heal_user_counts(database: Database, rows: Sequence[CounterRow]) -> None:
    followers, followed, friends, posts = _counted(rows)
    await database.execute(
        _STATEMENTS["heal_user_counts"],
        ids=_ids(rows),
        followers=followers,
        followed=followed,
        friends=friends,
        posts=posts,
    )


def _ids(rows: Sequence[CounterRow], place: int = 0) -> str:
    return array(row.key[place] for row in rows)


def _counted(rows: Sequence[CounterRow]) -> list[str]:
    """What was counted, one array for each column."""
    return [array(values) for values in zip(*(row.counted for row in rows), strict=True)]
