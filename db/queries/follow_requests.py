"""Requests to follow people who approve their followers."""

from asyncio import Future
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, PageBounds, StampRow, array
from db.queries.notifications import CountRow
from db.statements import load


class FollowRequestRow(NamedTuple):
    """`owner_id` is whose list it is in, or the other person where the viewer is one of the two."""

    id: int
    requester_id: int
    target_id: int
    created_at: datetime
    owner_id: int | None = None
    is_stop: bool = False


class ApprovalRow(NamedTuple):
    approves: bool


_STATEMENTS = load("follow_requests")


async def lock_approval(database: Database, user_id: int) -> bool:
    """Whether a user approves their followers, until the transaction ends."""
    found = await database.fetch_one(_STATEMENTS["lock_approval"], ApprovalRow, user_id=user_id)
    return found is not None and found.approves


async def request_follow(database: Database, viewer: int, user_id: int) -> bool:
    return await database.execute(_STATEMENTS["request_follow"], viewer=viewer, user_id=user_id) > 0


async def notify_follow_request(database: Database, viewer: int, user_id: int) -> None:
    await database.execute(_STATEMENTS["notify_follow_request"], viewer=viewer, user_id=user_id)


async def withdraw_follow_request(database: Database, viewer: int, user_id: int) -> int | None:
    """The id of the request that is gone now; None when there was none."""
    found = await database.fetch_one(_STATEMENTS["withdraw_follow_request"], IdRow, viewer=viewer, user_id=user_id)
    return None if found is None else found.id


async def approve_follow_request(database: Database, viewer: int, request_id: int) -> StampRow | None:
    """Who follows now, and since when; None when there is no such request."""
    return await database.fetch_one(
        _STATEMENTS["approve_follow_request"], StampRow, viewer=viewer, request_id=request_id
    )


async def reject_follow_request(database: Database, viewer: int, request_id: int) -> bool:
    return await database.execute(_STATEMENTS["reject_follow_request"], viewer=viewer, request_id=request_id) > 0


async def delete_follow_requests_between(database: Database, viewer: int, user_id: int) -> None:
    await database.execute(_STATEMENTS["delete_follow_requests_between"], viewer=viewer, user_id=user_id)


def follow_requests_by_ids(
    database: Database, viewer: int | None, ids: Iterable[int]
) -> Future[list[FollowRequestRow]]:
    return database.fetch(_STATEMENTS["follow_requests_by_ids"], FollowRequestRow, viewer=viewer, ids=array(ids))


def viewer_follow_requests_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int]
) -> Future[list[FollowRequestRow]]:
    statement = _STATEMENTS["viewer_follow_requests_by_user_ids"]
    return database.fetch(statement, FollowRequestRow, viewer=viewer, ids=array(ids))


def follow_requests_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[FollowRequestRow]]:
    statement = _STATEMENTS["follow_requests_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, FollowRequestRow, viewer=viewer, ids=array(ids), **page.parameters)


def sent_follow_requests_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[FollowRequestRow]]:
    statement = _STATEMENTS["sent_follow_requests_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, FollowRequestRow, viewer=viewer, ids=array(ids), **page.parameters)


def follow_request_counts_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int]
) -> Future[list[CountRow]]:
    statement = _STATEMENTS["follow_request_counts_by_user_ids"]
    return database.fetch(statement, CountRow, viewer=viewer, ids=array(ids))
