"""Lists of people."""

from asyncio import Future
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, LinkRow, PageBounds, StampRow, array
from db.statements import load


class ListRow(NamedTuple):
    """A list of `user_id`. `owner_id` is whose page it is on, or who is on it."""

    id: int
    user_id: int
    name: str
    description: str | None
    is_public: bool
    created_at: datetime
    updated_at: datetime
    owner_id: int | None = None
    is_stop: bool = False


class MemberCountRow(NamedTuple):
    list_id: int
    total: int


class NamedListRow(NamedTuple):
    """`place` is where its name stands among those that were asked for, from 1."""

    place: int
    id: int


class TotalRow(NamedTuple):
    total: int


_STATEMENTS = load("lists")


def lists_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[ListRow]]:
    return database.fetch(_STATEMENTS["lists_by_ids"], ListRow, viewer=viewer, ids=array(ids))


def lists_by_names(
    database: Database, viewer: int | None, named: Sequence[tuple[str, str]]
) -> Future[list[NamedListRow]]:
    """The lists of these owners, whose names are folded, and of these names."""
    owners, names = [owner for owner, _ in named], [name for _, name in named]
    return database.fetch(_STATEMENTS["lists_by_names"], NamedListRow, viewer=viewer, owners=owners, names=names)


def lists_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[ListRow]]:
    statement = _STATEMENTS["lists_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, ListRow, viewer=viewer, ids=array(ids), **page.parameters)


def viewer_lists_by_user_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[ListRow]]:
    return database.fetch(_STATEMENTS["viewer_lists_by_user_ids"], ListRow, viewer=viewer, ids=array(ids))


def members_by_list_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[LinkRow]]:
    statement = _STATEMENTS["members_by_list_ids"].towards(backward=page.backward)
    return database.fetch(statement, LinkRow, viewer=viewer, ids=array(ids), **page.parameters)


def member_counts_by_list_ids(database: Database, ids: Iterable[int]) -> Future[list[MemberCountRow]]:
    return database.fetch(_STATEMENTS["member_counts_by_list_ids"], MemberCountRow, ids=array(ids))


async def lock_lists_of_user(database: Database, viewer: int) -> None:
    await database.execute(_STATEMENTS["lock_lists_of_user"], viewer=viewer)


async def count_lists(database: Database, viewer: int) -> int:
    """How many lists the viewer has, counted to 101."""
    found = await database.fetch_one(_STATEMENTS["count_lists"], TotalRow, viewer=viewer)
    return 0 if found is None else found.total


async def create_list(database: Database, viewer: int, name: str, description: str | None, *, is_public: bool) -> int:
    given = {"viewer": viewer, "name": name, "description": description, "is_public": is_public}
    created = await database.fetch_one(_STATEMENTS["create_list"], IdRow, **given)
    assert created is not None  # noqa: S101  (an INSERT returns its row or fails)
    return created.id


async def add_members(database: Database, viewer: int, list_id: int, ids: Iterable[int]) -> int:
    """How many of these people there are, who are on the list now."""
    return await database.execute(_STATEMENTS["add_members"], viewer=viewer, list_id=list_id, ids=array(ids))


async def update_list(
    database: Database, viewer: int, list_id: int, name: str | None, description: str | None, is_public: bool | None
) -> bool:
    given = {"viewer": viewer, "list_id": list_id, "name": name, "description": description, "is_public": is_public}
    return await database.execute(_STATEMENTS["update_list"], **given) > 0


async def delete_list(database: Database, viewer: int, list_id: int) -> bool:
    return await database.execute(_STATEMENTS["delete_list"], viewer=viewer, list_id=list_id) > 0


async def lock_list(database: Database, viewer: int, list_id: int) -> bool:
    """Whether the viewer has such a list."""
    return await database.fetch_one(_STATEMENTS["lock_list"], IdRow, viewer=viewer, list_id=list_id) is not None


async def add_member(database: Database, viewer: int, list_id: int, user_id: int) -> StampRow | None:
    """The membership; None where there is no such user, or where the list is full."""
    given = {"viewer": viewer, "list_id": list_id, "user_id": user_id}
    return await database.fetch_one(_STATEMENTS["add_member"], StampRow, **given)


async def remove_member(database: Database, viewer: int, list_id: int, user_id: int) -> bool:
    given = {"viewer": viewer, "list_id": list_id, "user_id": user_id}
    return await database.execute(_STATEMENTS["remove_member"], **given) > 0
