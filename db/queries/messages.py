"""Messages: changing and deleting one's own."""

from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow
from db.statements import load


class EditedMessageRow(NamedTuple):
    id: int
    conversation_id: int
    is_changed: bool


_STATEMENTS = load("messages")


async def edit_message(database: Database, viewer: int, message_id: int, content: str) -> EditedMessageRow | None:
    given = {"viewer": viewer, "id": message_id, "content": content}
    return await database.fetch_one(_STATEMENTS["edit_message"], EditedMessageRow, **given)


async def delete_message(database: Database, viewer: int, message_id: int) -> IdRow | None:
    return await database.fetch_one(_STATEMENTS["delete_message"], IdRow, viewer=viewer, id=message_id)
