"""Groups: who is in them, and as what. Whoever changes that has locked the conversation (`lock_conversation`)."""

from collections.abc import Iterable
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, array
from db.statements import load


class MembershipRow(NamedTuple):
    id: int
    is_admin: bool
    kind: str


class SizeRow(NamedTuple):
    ever: int
    present: int


_STATEMENTS = load("groups")


async def own_membership(database: Database, viewer: int, conversation_id: int) -> MembershipRow | None:
    given = {"viewer": viewer, "conversation_id": conversation_id}
    return await database.fetch_one(_STATEMENTS["own_membership"], MembershipRow, **given)


async def create_group(database: Database, viewer: int, title: str, ids: Iterable[int]) -> int:
    given = {"viewer": viewer, "title": title, "ids": array(ids)}
    created = await database.fetch_one(_STATEMENTS["create_group"], IdRow, **given)
    assert created is not None  # noqa: S101  (an INSERT returns its row or fails)
    return created.id


async def add_to_group(database: Database, conversation_id: int, ids: Iterable[int]) -> None:
    await database.execute(_STATEMENTS["add_to_group"], conversation_id=conversation_id, ids=array(ids))


async def size_of_group(database: Database, conversation_id: int) -> SizeRow:
    found = await database.fetch_one(_STATEMENTS["size_of_group"], SizeRow, conversation_id=conversation_id)
    assert found is not None  # noqa: S101  (it is locked)
    return found


async def leave_group(database: Database, conversation_id: int, user_id: int) -> bool:
    """Whether the person was in it."""
    given = {"conversation_id": conversation_id, "user_id": user_id}
    return await database.execute(_STATEMENTS["leave_group"], **given) > 0


async def set_admin(database: Database, conversation_id: int, user_id: int, *, is_admin: bool) -> bool:
    """Whether the person is in it."""
    given = {"conversation_id": conversation_id, "user_id": user_id, "is_admin": is_admin}
    return await database.execute(_STATEMENTS["set_admin"], **given) > 0


async def has_other_admin(database: Database, conversation_id: int, user_id: int) -> bool:
    given = {"conversation_id": conversation_id, "user_id": user_id}
    return await database.fetch_one(_STATEMENTS["other_admin"], IdRow, **given) is not None


async def rename_group(database: Database, conversation_id: int, title: str) -> None:
    await database.execute(_STATEMENTS["rename_group"], conversation_id=conversation_id, title=title)


async def settle_groups(database: Database, ids: Iterable[int]) -> None:
    """After people have left: a group without an admin gets one, and one that nobody is in has ended."""
    left = array(ids)
    await database.execute(_STATEMENTS["pass_on_groups"], ids=left)
    await database.execute(_STATEMENTS["end_deserted_groups"], ids=left)
