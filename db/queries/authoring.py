"""What authors do with their own posts, and what only they see of them."""

from asyncio import Future
from collections.abc import Iterable, Sequence
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
    visibility: str
    title: str | None
    content: str | None
    tags: list[str]
    language: str | None
    is_language_detected: bool
    updated_at: datetime


class DuePostRow(NamedTuple):
    scheduled_for: datetime
    id: int
    user_id: int


class LockedPostRow(NamedTuple):
    id: int
    user_id: int
    type: str
    content: str | None


class Contents(NamedTuple):
    """What a post is made of, as it is stored."""

    type: str
    visibility: str
    title: str | None
    content: str | None
    content_html: str | None
    tags: list[str]
    language: str | None
    is_language_detected: bool
    media_urls: str
    thumbnail_url: str | None


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


async def due_posts(
    database: Database, last: DuePostRow | None, skipped_authors: Iterable[int], limit: int
) -> list[DuePostRow]:
    return await database.fetch(
        _STATEMENTS["due_posts"],
        DuePostRow,
        after_scheduled_for="-infinity" if last is None else last.scheduled_for,
        after_id=0 if last is None else last.id,
        skipped_authors=array(skipped_authors),
        limit=limit,
    )


async def lock_due_post(database: Database, post_id: int) -> LockedPostRow | None:
    return await database.fetch_one(_STATEMENTS["lock_due_post"], LockedPostRow, post_id=post_id)


async def end_schedule(database: Database, post_id: int, *, is_complete: bool) -> None:
    await database.execute(_STATEMENTS["end_schedule"], post_id=post_id, is_complete=is_complete)


async def restore_post(database: Database, viewer: int, post_id: int) -> None:
    await database.execute(_STATEMENTS["restore_post"], viewer=viewer, post_id=post_id)


async def insert_post(
    database: Database, viewer: int, contents: Contents, status: PostStatus, scheduled_for: datetime | None
) -> DraftRow | None:
    return await database.fetch_one(
        _STATEMENTS["insert_post"],
        DraftRow,
        viewer=viewer,
        status=status.value,
        scheduled_for=scheduled_for,
        **contents._asdict(),
    )


async def update_post(
    database: Database, viewer: int, post_id: int, contents: Contents, *, is_edit: bool
) -> DraftRow | None:
    given = {"viewer": viewer, "post_id": post_id, "is_edit": is_edit, **contents._asdict()}
    return await database.fetch_one(_STATEMENTS["update_post"], DraftRow, **given)


async def set_media(database: Database, viewer: int, post_id: int, ids: Sequence[int]) -> None:
    """Let the post have these files, which are locked, in this order, and no others."""
    await database.execute(_STATEMENTS["detach_media"], viewer=viewer, post_id=post_id, ids=array(ids))
    if ids:
        await database.execute(_STATEMENTS["attach_media"], viewer=viewer, post_id=post_id, ids=array(ids))
