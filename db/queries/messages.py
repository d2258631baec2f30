"""Messages: changing and deleting one's own, and what they reply to."""

from asyncio import Future
from collections.abc import Iterable
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, array
from db.statements import load


class EditedMessageRow(NamedTuple):
    id: int
    conversation_id: int
    is_changed: bool


class ReplyRow(NamedTuple):
    message_id: int
    reply_to_id: int


_STATEMENTS = load("messages")


async def edit_message(database: Database, viewer: int, message_id: int, content: str) -> EditedMessageRow | None:
    given = {"viewer": viewer, "id": message_id, "content": content}
    return await database.fetch_one(_STATEMENTS["edit_message"], EditedMessageRow, **given)


async def delete_message(database: Database, viewer: int, message_id: int) -> IdRow | None:
    return await database.fetch_one(_STATEMENTS["delete_message"], IdRow, viewer=viewer, id=message_id)


async def reply_to_message(
    database: Database, viewer: int, conversation_id: int, message_id: int, reply_to_id: int
) -> bool:
    """Whether there is such a message to reply to."""
    given = {"viewer": viewer, "conversation_id": conversation_id, "message_id": message_id, "reply_to_id": reply_to_id}
    return await database.execute(_STATEMENTS["reply_to_message"], **given) > 0


def replies_by_message_ids(database: Database, ids: Iterable[int]) -> Future[list[ReplyRow]]:
    return database.fetch(_STATEMENTS["replies_by_message_ids"], ReplyRow, ids=array(ids))
