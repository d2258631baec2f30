"""What is deleted when its time has come; see db/maintenance/purges.py for the order of the calls."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, array
from db.queries.idempotency import KEY_LIFETIME
from db.statements import Statement, load

_STATEMENTS = load("purges")


class BlockRow(NamedTuple):
    blocker_id: int
    blocked_id: int


async def set_timeout(database: Database, milliseconds: int) -> None:
    """For the statements of this transaction."""
    await database.execute(_STATEMENTS["set_job_timeout"], milliseconds=milliseconds)


async def purge_sessions(database: Database, limit: int) -> int:
    return await database.execute(_STATEMENTS["purge_sessions"], limit=limit)


async def purge_tokens(database: Database, limit: int) -> int:
    return await database.execute(_STATEMENTS["purge_tokens"], limit=limit)


async def purge_idempotency_keys(database: Database, limit: int) -> int:
    statement = _STATEMENTS["purge_idempotency_keys"]
    return await database.execute(statement, lifetime=KEY_LIFETIME, limit=limit)


async def purge_notifications_without_actor(database: Database, limit: int) -> int:
    return await database.execute(_STATEMENTS["purge_notifications_without_actor"], limit=limit)


async def blocks_after(database: Database, block: BlockRow, limit: int) -> list[BlockRow]:
    return await database.fetch(
        _STATEMENTS["blocks_after"], BlockRow, blocker_id=block.blocker_id, blocked_id=block.blocked_id, limit=limit
    )


async def purge_notifications_across_blocks(database: Database, after: BlockRow, last: BlockRow, limit: int) -> int:
    return await database.execute(
        _STATEMENTS["purge_notifications_across_blocks"],
        after_blocker_id=after.blocker_id,
        after_blocked_id=after.blocked_id,
        last_blocker_id=last.blocker_id,
        last_blocked_id=last.blocked_id,
        limit=limit,
    )


async def posts_to_purge(database: Database, grace: timedelta, skipped: Iterable[int], limit: int) -> list[int]:
    statement = _STATEMENTS["posts_to_purge"]
    return [row.id for row in await database.fetch(statement, IdRow, grace=grace, skipped=array(skipped), limit=limit)]


async def posts_still_to_purge(database: Database, ids: Iterable[int], grace: timedelta) -> list[int]:
    statement = _STATEMENTS["posts_still_to_purge"]
    return [row.id for row in await database.fetch(statement, IdRow, ids=array(ids), grace=grace)]


async def purge_posts(database: Database, ids: Iterable[int], grace: timedelta) -> int:
    return await database.execute(_STATEMENTS["purge_posts"], ids=array(ids), grace=grace)


def _part_of(statement: Statement) -> Callable[[Database, Iterable[int], int], Awaitable[int]]:
    async def purge(database: Database, ids: Iterable[int], limit: int) -> int:
        return await database.execute(statement, ids=array(ids), limit=limit)

    return purge


async def comments_on_posts(database: Database, ids: Iterable[int], limit: int) -> list[int]:
    statement = _STATEMENTS["comments_on_posts"]
    return [row.id for row in await database.fetch(statement, IdRow, ids=array(ids), limit=limit)]


async def purge_likes_of_comments(database: Database, ids: Iterable[int], limit: int) -> int:
    return await database.execute(_STATEMENTS["purge_likes_of_comments"], ids=array(ids), limit=limit)


async def purge_comments(database: Database, ids: Iterable[int]) -> int:
    return await database.execute(_STATEMENTS["purge_comments"], ids=array(ids))


PARTS_OF_POSTS = (
    # Before what they are about, as of an account.
    _part_of(_STATEMENTS["purge_notifications_on_posts"]),
    _part_of(_STATEMENTS["purge_interactions_on_posts"]),
    _part_of(_STATEMENTS["purge_reposts_on_posts"]),
    _part_of(_STATEMENTS["purge_revisions_on_posts"]),
    _part_of(_STATEMENTS["purge_mentions_on_posts"]),
    _part_of(_STATEMENTS["purge_pins_of_posts"]),
    _part_of(_STATEMENTS["purge_media_on_posts"]),
)
"""What goes before posts and the comments on them do, in pieces of at most `limit` rows, in the lock order of
db/sql/triggers; the rest goes with their rows."""

PARTS_OF_CONVERSATIONS = (
    _part_of(_STATEMENTS["purge_notifications_of_conversations"]),
    _part_of(_STATEMENTS["purge_messages_of_conversations"]),
    _part_of(_STATEMENTS["purge_members_of_conversations"]),
)
"""What goes before conversations do, in pieces of at most `limit` rows."""


async def ended_conversations(database: Database, limit: int) -> list[int]:
    return [row.id for row in await database.fetch(_STATEMENTS["ended_conversations"], IdRow, limit=limit)]
