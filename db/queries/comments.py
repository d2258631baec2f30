"""Comments and replies."""

from asyncio import Future
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, PageBounds, array
from db.statements import load


class CommentRow(NamedTuple):
    """The content of a deleted comment, which stays while it has replies, is None."""

    id: int
    post_id: int
    user_id: int
    parent_comment_id: int | None
    content: str | None
    likes_count: int
    replies_count: int
    created_at: datetime
    deleted_at: datetime | None
    owner_id: int | None = None
    is_stop: bool = False


_STATEMENTS = load("comments")


def comments_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[CommentRow]]:
    return database.fetch(_STATEMENTS["comments_by_ids"], CommentRow, viewer=viewer, ids=array(ids))


def comments_by_post_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[CommentRow]]:
    statement = _STATEMENTS["comments_by_post_ids"].towards(backward=page.backward)
    return database.fetch(statement, CommentRow, viewer=viewer, ids=array(ids), **page.parameters)


def replies_by_comment_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[CommentRow]]:
    statement = _STATEMENTS["replies_by_comment_ids"].towards(backward=page.backward)
    return database.fetch(statement, CommentRow, viewer=viewer, ids=array(ids), **page.parameters)


async def insert_comment(
    database: Database, viewer: int, post_id: int, parent_comment_id: int | None, content: str
) -> IdRow | None:
    return await database.fetch_one(
        _STATEMENTS["insert_comment"],
        IdRow,
        viewer=viewer,
        post_id=post_id,
        parent_comment_id=parent_comment_id,
        content=content,
    )
