"""Posts."""

from asyncio import Future
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from db.pool import Database
from db.queries import PageBounds, array
from db.statements import load

POST_GRACE = timedelta(days=30)
"""How long a deleted post can be restored."""


class PostRow(NamedTuple):
    id: int
    user_id: int
    type: str
    status: str
    visibility: str
    title: str | None
    content: str | None
    tags: list[str]
    thumbnail_url: str | None
    likes_count: int
    comments_count: int
    reposts_count: int
    views_count: int
    published_at: datetime | None
    edited_at: datetime | None
    created_at: datetime
    scheduled_for: datetime | None
    deleted_at: datetime | None
    language: str | None
    is_language_detected: bool
    owner_id: int | None = None
    is_stop: bool = False


_STATEMENTS = load("posts")


def posts_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[PostRow]]:
    return database.fetch(_STATEMENTS["posts_by_ids"], PostRow, viewer=viewer, ids=array(ids), grace=POST_GRACE)


def posts_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[PostRow]]:
    statement = _STATEMENTS["posts_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, PostRow, viewer=viewer, ids=array(ids), **page.parameters)


async def add_views(database: Database, counted: Mapping[int, int]) -> None:
    """Add these numbers of views to the posts of these ids."""
    await database.execute(_STATEMENTS["add_views"], ids=array(counted), counts=array(counted.values()))
