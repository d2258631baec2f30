"""Counters, friendships, storage and notifications beside a recount; see db/maintenance/counters.py for the order."""

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
    notifications: int


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
    await database.execute(_STATEMENTS["lock_posts"], ids=ids_of(rows))


async def heal_posts(database: Database, rows: Sequence[CounterRow]) -> None:
    likes, comments, reposts = counts_of(rows)
    await database.execute(
        _STATEMENTS["heal_posts"], ids=ids_of(rows), likes=likes, comments=comments, reposts=reposts
    )  # fmt: skip


def comment_ids_after(database: Database, after: int, size: int) -> Future[list[IdRow]]:
    return database.fetch(_STATEMENTS["comment_ids_after"], IdRow, after=after, size=size)


def drifted_comments(database: Database, ids: Iterable[int]) -> Future[list[CounterRow]]:
    return database.fetch(_STATEMENTS["drifted_comments"], CounterRow, ids=array(ids))


async def lock_comments(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["lock_comments"], ids=ids_of(rows))


async def heal_comments(database: Database, rows: Sequence[CounterRow]) -> None:
    likes, replies = counts_of(rows)
    await database.execute(_STATEMENTS["heal_comments"], ids=ids_of(rows), likes=likes, replies=replies)


def user_ids_after(database: Database, after: int, size: int) -> Future[list[IdRow]]:
    return database.fetch(_STATEMENTS["user_ids_after"], IdRow, after=after, size=size)


def drifted_friendships(database: Database, ids: Iterable[int]) -> Future[list[CounterRow]]:
    return database.fetch(_STATEMENTS["drifted_friendships"], CounterRow, ids=array(ids))


async def lock_pairs(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["lock_pairs"], lower=ids_of(rows), higher=ids_of(rows, 1))


async def heal_friendships(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["heal_friendships"], lower=ids_of(rows), higher=ids_of(rows, 1))


def notification_ids_after(database: Database, after: int, size: int) -> Future[list[IdRow]]:
    return database.fetch(_STATEMENTS["notification_ids_after"], IdRow, after=after, size=size)


def drifted_notifications(database: Database, ids: Iterable[int]) -> Future[list[CounterRow]]:
    return database.fetch(_STATEMENTS["drifted_notifications"], CounterRow, ids=array(ids))


async def lock_notifications(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["lock_notifications"], ids=ids_of(rows))


async def withdraw_notifications(database: Database, rows: Sequence[CounterRow]) -> None:
    await database.execute(_STATEMENTS["withdraw_notifications"], ids=ids_of(rows))


def ids_of(rows: Sequence[CounterRow], place: int = 0) -> str:
    return array(row.key[place] for row in rows)


def counts_of(rows: Sequence[CounterRow]) -> list[str]:
    """What was counted, one array for each column."""
    return [array(values) for values in zip(*(row.counted for row in rows), strict=True)]
