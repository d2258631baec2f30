"""Conversations, their members and messages."""

from asyncio import Future
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, PageBounds, StampRow, array
from db.statements import load


class ConversationRow(NamedTuple):
    """A conversation as one of its members has it."""

    id: int
    kind: str
    title: str | None
    created_at: datetime
    last_message_at: datetime
    is_muted: bool
    is_admin: bool
    owner_id: int | None = None
    is_stop: bool = False


class ParticipantRow(NamedTuple):
    conversation_id: int
    user_id: int
    is_admin: bool
    joined_at: datetime


class UnreadRow(NamedTuple):
    conversation_id: int
    unread_count: int


class MessageRow(NamedTuple):
    """The content of a deleted message is None, and so is the sender whose account is gone."""

    id: int
    conversation_id: int
    sender_id: int | None
    content: str | None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    owner_id: int | None = None
    is_stop: bool = False


class RecipientRow(NamedTuple):
    """A person whom the viewer may see. `allowed`: they take messages from the viewer."""

    id: int
    is_member: bool
    allowed: bool


_STATEMENTS = load("conversations")


def conversations_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[ConversationRow]]:
    statement = _STATEMENTS["conversations_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, ConversationRow, viewer=viewer, ids=array(ids), **page.parameters)


def conversations_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[ConversationRow]]:
    return database.fetch(_STATEMENTS["conversations_by_ids"], ConversationRow, viewer=viewer, ids=array(ids))


def participants_by_conversation_ids(database: Database, ids: Iterable[int]) -> Future[list[ParticipantRow]]:
    return database.fetch(_STATEMENTS["participants_by_conversation_ids"], ParticipantRow, ids=array(ids))


def unread_counts_by_conversation_ids(
    database: Database, viewer: int | None, ids: Iterable[int]
) -> Future[list[UnreadRow]]:
    return database.fetch(_STATEMENTS["unread_counts_by_conversation_ids"], UnreadRow, viewer=viewer, ids=array(ids))


def messages_by_conversation_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[MessageRow]]:
    statement = _STATEMENTS["messages_by_conversation_ids"].towards(backward=page.backward)
    return database.fetch(statement, MessageRow, viewer=viewer, ids=array(ids), **page.parameters)


def messages_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[MessageRow]]:
    return database.fetch(_STATEMENTS["messages_by_ids"], MessageRow, viewer=viewer, ids=array(ids))


async def lock_conversation(database: Database, viewer: int, conversation_id: int) -> IdRow | None:
    return await database.fetch_one(
        _STATEMENTS["lock_conversation"], IdRow, viewer=viewer, conversation_id=conversation_id
    )


async def recipients_by_ids(
    database: Database, viewer: int, ids: Iterable[int], conversation_id: int | None = None
) -> list[RecipientRow]:
    given = {"viewer": viewer, "conversation_id": conversation_id, "ids": array(ids)}
    return await database.fetch(_STATEMENTS["recipients_by_ids"], RecipientRow, **given)


async def blocked_in_conversation(database: Database, viewer: int, conversation_id: int) -> IdRow | None:
    return await database.fetch_one(
        _STATEMENTS["blocked_in_conversation"], IdRow, viewer=viewer, conversation_id=conversation_id
    )


async def ensure_direct_conversation(database: Database, viewer: int, recipient_id: int) -> IdRow | None:
    return await database.fetch_one(
        _STATEMENTS["ensure_direct_conversation"], IdRow, viewer=viewer, recipient_id=recipient_id
    )


async def ensure_members(database: Database, conversation_id: int, ids: Iterable[int]) -> None:
    await database.execute(_STATEMENTS["ensure_members"], conversation_id=conversation_id, ids=array(ids))


async def insert_message(database: Database, viewer: int, conversation_id: int, content: str) -> StampRow | None:
    return await database.fetch_one(
        _STATEMENTS["insert_message"],
        StampRow,
        viewer=viewer,
        conversation_id=conversation_id,
        content=content,
    )


async def touch_conversation(
    database: Database, viewer: int, conversation_id: int, message_id: int, created_at: datetime
) -> None:
    await database.execute(
        _STATEMENTS["touch_conversation"],
        viewer=viewer,
        conversation_id=conversation_id,
        message_id=message_id,
        created_at=created_at,
    )


async def mark_conversation_read(database: Database, viewer: int, conversation_id: int) -> bool:
    """Whether the viewer is in it."""
    statement = _STATEMENTS["mark_conversation_read"]
    return await database.execute(statement, viewer=viewer, conversation_id=conversation_id) > 0


async def mark_conversation_read_to(database: Database, viewer: int, conversation_id: int, message_id: int) -> bool:
    """Whether the viewer is in it."""
    statement = _STATEMENTS["mark_conversation_read_to"]
    given = {"viewer": viewer, "conversation_id": conversation_id, "message_id": message_id}
    return await database.execute(statement, **given) > 0


async def latest_message_of_others(database: Database, viewer: int, conversation_id: int) -> IdRow | None:
    return await database.fetch_one(
        _STATEMENTS["latest_message_of_others"], IdRow, viewer=viewer, conversation_id=conversation_id
    )


async def mark_conversation_unread_from(database: Database, viewer: int, conversation_id: int, message_id: int) -> bool:
    """Whether the viewer is in it."""
    statement = _STATEMENTS["mark_conversation_unread_from"]
    given = {"viewer": viewer, "conversation_id": conversation_id, "message_id": message_id}
    return await database.execute(statement, **given) > 0


async def set_conversation_muted(database: Database, viewer: int, conversation_id: int, *, muted: bool) -> bool:
    """Whether the viewer is in it."""
    given = {"viewer": viewer, "conversation_id": conversation_id, "muted": muted}
    return await database.execute(_STATEMENTS["set_conversation_muted"], **given) > 0


async def hide_conversation(database: Database, viewer: int, conversation_id: int) -> bool:
    """Whether the viewer is in it."""
    given = {"viewer": viewer, "conversation_id": conversation_id}
    return await database.execute(_STATEMENTS["hide_conversation"], **given) > 0
