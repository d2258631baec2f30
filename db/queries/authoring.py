"""What authors do with their own posts, and the lists of those that only they see."""

from asyncio import Future
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from db.enums import PostStatus
from db.pool import Database
from db.queries import PageBounds, array
from db.queries.posts import POST_GRACE
from db.statements import load


class DraftRow(NamedTuple):
    owner_id: int
    updated_at: datetime
    id: int


class ScheduledPostRow(NamedTuple):
    """`due_order` is when it will be published, in microseconds since 1970, negated."""

    owner_id: int
    due_order: int
    id: int


class DeletedPostRow(NamedTuple):
    owner_id: int
    deleted_at: datetime
    id: int


class OwnPostRow(NamedTuple):
    id: int
    type: str
    status: str
    content: str | None


_STATEMENTS = load("authoring")


def drafts_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[DraftRow]]:
    statement = _STATEMENTS["drafts_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, DraftRow, viewer=viewer, ids=array(ids), **page.parameters)


def scheduled_posts_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[ScheduledPostRow]]:
    statement = _STATEMENTS["scheduled_posts_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, ScheduledPostRow, viewer=viewer, ids=array(ids), **page.parameters)


def deleted_posts_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[DeletedPostRow]]:
    statement = _STATEMENTS["deleted_posts_by_user_ids"].towards(backward=page.backward)
    bounds = {**page.parameters, "grace": POST_GRACE}
    return database.fetch(statement, DeletedPostRow, viewer=viewer, ids=array(ids), **bounds)


async def lock_own_post(database: Database, viewer: int, post_id: int) -> OwnPostRow | None:
    """The post as it is until the transaction ends; None when it is somebody else's, or was deleted too long ago."""
    return await database.fetch_one(
        _STATEMENTS["lock_own_post"], OwnPostRow, viewer=viewer, post_id=post_id, grace=POST_GRACE
    )


async def set_post_status(
    database: Database, viewer: int, post_id: int, status: PostStatus, scheduled_for: datetime | None = None
) -> DraftRow | None:
    return await database.fetch_one(
        _STATEMENTS["set_post_status"],
        DraftRow,
        viewer=viewer,
        post_id=post_id,
        status=status.value,
        scheduled_for=scheduled_for,
    )


async def restore_post(database: Database, viewer: int, post_id: int) -> None:
    await database.execute(_STATEMENTS["restore_post"], viewer=viewer, post_id=post_id)
