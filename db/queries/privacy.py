"""Whom people block and mute, and what they let others see and do."""

from asyncio import Future
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import LinkRow, PageBounds, StampRow, array
from db.statements import load


class BlockedUserRow(NamedTuple):
    """Somebody whom the viewer blocks, since `created_at`."""

    id: int
    username: str
    created_at: datetime
    owner_id: int | None = None
    is_stop: bool = False


class PrivacyRow(NamedTuple):
    user_id: int
    profile_visibility: str
    allow_messages_from: str
    show_followers: bool
    discoverable_in_feeds: bool


_STATEMENTS = load("privacy")


async def lock_pair(database: Database, viewer: int, user_id: int) -> None:
    await database.execute(_STATEMENTS["lock_pair"], viewer=viewer, user_id=user_id)


async def block_user(database: Database, viewer: int, user_id: int) -> bool:
    return await database.execute(_STATEMENTS["block_user"], viewer=viewer, user_id=user_id) > 0


async def sever(database: Database, viewer: int, user_id: int) -> None:
    await database.execute(_STATEMENTS["sever"], viewer=viewer, user_id=user_id)


async def unblock_user(database: Database, viewer: int, user_id: int) -> bool:
    return await database.execute(_STATEMENTS["unblock_user"], viewer=viewer, user_id=user_id) > 0


def blocked_users_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[BlockedUserRow]]:
    return database.fetch(_STATEMENTS["blocked_users_by_ids"], BlockedUserRow, viewer=viewer, ids=array(ids))


def blocked_users_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[BlockedUserRow]]:
    statement = _STATEMENTS["blocked_users_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, BlockedUserRow, viewer=viewer, ids=array(ids), **page.parameters)


async def mute_user(database: Database, viewer: int, user_id: int) -> bool:
    return await database.execute(_STATEMENTS["mute_user"], viewer=viewer, user_id=user_id) > 0


async def mute_of_user(database: Database, viewer: int, user_id: int) -> StampRow | None:
    return await database.fetch_one(_STATEMENTS["mute_of_user"], StampRow, viewer=viewer, user_id=user_id)


async def unmute_user(database: Database, viewer: int, user_id: int) -> bool:
    return await database.execute(_STATEMENTS["unmute_user"], viewer=viewer, user_id=user_id) > 0


def muted_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[LinkRow]]:
    statement = _STATEMENTS["muted_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, LinkRow, viewer=viewer, ids=array(ids), **page.parameters)


async def remove_follower(database: Database, viewer: int, user_id: int) -> bool:
    return await database.execute(_STATEMENTS["remove_follower"], viewer=viewer, user_id=user_id) > 0


def privacy_by_user_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[PrivacyRow]]:
    return database.fetch(_STATEMENTS["privacy_by_user_ids"], PrivacyRow, viewer=viewer, ids=array(ids))


async def set_profile_visibility(database: Database, viewer: int, visibility: str) -> None:
    await database.execute(_STATEMENTS["set_profile_visibility"], viewer=viewer, visibility=visibility)


async def set_audiences(
    database: Database, viewer: int, allow_messages_from: str | None, show_followers: bool | None
) -> None:
    await database.execute(
        _STATEMENTS["set_audiences"],
        viewer=viewer,
        allow_messages_from=allow_messages_from,
        show_followers=show_followers,
    )


async def opt_out_of_feeds(database: Database, viewer: int) -> None:
    await database.execute(_STATEMENTS["opt_out_of_feeds"], viewer=viewer)


async def opt_into_feeds(database: Database, viewer: int) -> None:
    await database.execute(_STATEMENTS["opt_into_feeds"], viewer=viewer)
