"""What is deleted of an account for good; see db/maintenance/purges.py for the order of the calls."""

from collections.abc import Iterable
from datetime import timedelta

from db.pool import Database
from db.queries import IdRow, array
from db.statements import load

_STATEMENTS = load("account_purges")


async def accounts_to_purge(database: Database, grace: timedelta, skipped: Iterable[int], limit: int) -> list[int]:
    statement = _STATEMENTS["accounts_to_purge"]
    return [row.id for row in await database.fetch(statement, IdRow, grace=grace, skipped=array(skipped), limit=limit)]


async def begin_account_purge(database: Database, user_id: int) -> bool:
    """Make the deletion final; nothing of the account may go before. False where it is not deleted, or is nobody's."""
    return await database.execute(_STATEMENTS["begin_account_purge"], user_id=user_id) > 0


async def lock_deleted_account(database: Database, user_id: int, grace: timedelta) -> bool:
    return await database.execute(_STATEMENTS["lock_deleted_account"], user_id=user_id, grace=grace) > 0


async def comments_of_user(database: Database, user_id: int, limit: int) -> list[int]:
    statement = _STATEMENTS["comments_of_user"]
    return [row.id for row in await database.fetch(statement, IdRow, user_id=user_id, limit=limit)]


async def part_replies(database: Database, ids: Iterable[int], limit: int) -> int:
    return await database.execute(_STATEMENTS["part_replies"], ids=array(ids), limit=limit)


async def posts_of_user(database: Database, user_id: int, limit: int) -> list[int]:
    return [row.id for row in await database.fetch(_STATEMENTS["posts_of_user"], IdRow, user_id=user_id, limit=limit)]


async def purge_posts_of_user(database: Database, user_id: int, ids: Iterable[int]) -> int:
    return await database.execute(_STATEMENTS["purge_posts_of_user"], user_id=user_id, ids=array(ids))


async def conversations_of_user(database: Database, user_id: int, limit: int) -> list[int]:
    statement = _STATEMENTS["conversations_of_user"]
    return [row.id for row in await database.fetch(statement, IdRow, user_id=user_id, limit=limit)]


async def purge_messages_without_others(database: Database, user_id: int, ids: Iterable[int], limit: int) -> int:
    statement = _STATEMENTS["purge_messages_without_others"]
    return await database.execute(statement, user_id=user_id, ids=array(ids), limit=limit)


async def tombstone(database: Database, known: int | None) -> int:
    """The account with this id, if there still is one; else a new one that nobody has."""
    (row,) = await database.fetch(_STATEMENTS["tombstone"], IdRow, tombstone=known)
    return row.id


async def lock_conversations(database: Database, ids: Iterable[int]) -> None:
    await database.execute(_STATEMENTS["lock_conversations"], ids=array(ids))


async def replace_by_tombstone(database: Database, user_id: int, tombstone_id: int, ids: Iterable[int]) -> None:
    statement = _STATEMENTS["replace_by_tombstone"]
    await database.execute(statement, user_id=user_id, tombstone=tombstone_id, ids=array(ids))


async def delete_user(database: Database, user_id: int) -> None:
    await database.execute(_STATEMENTS["delete_user"], user_id=user_id)


async def delete_deserted_conversations(database: Database, ids: Iterable[int]) -> None:
    await database.execute(_STATEMENTS["delete_deserted_conversations"], ids=array(ids))
