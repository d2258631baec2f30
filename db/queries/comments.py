"""Comments and replies, and who likes them."""

from asyncio import Future
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, PageBounds, array
from db.queries.interactions import LikerRow
from db.queries.post_texts import TextRow, UnrenderedRow
from db.statements import load


class CommentRow(NamedTuple):
    """The content of a deleted comment, which stays while it has replies, is None."""

    id: int
    post_id: int
    user_id: int
    parent_comment_id: int | None
    depth: int
    content: str | None
    likes_count: int
    replies_count: int
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    owner_id: int | None = None
    is_stop: bool = False


class EditedRow(NamedTuple):
    id: int
    is_changed: bool


class DeletedRow(NamedTuple):
    """A comment that was deleted, and where it was."""

    id: int
    post_id: int
    parent_comment_id: int | None


class AncestorRow(NamedTuple):
    """`id` is a comment above `owner_id`."""

    owner_id: int
    id: int


class CommentLikeRow(NamedTuple):
    comment_id: int


_STATEMENTS = load("comments")


def comments_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[CommentRow]]:
    return database.fetch(_STATEMENTS["comments_by_ids"], CommentRow, viewer=viewer, ids=array(ids))


def comments_by_post_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[CommentRow]]:
    statement = _STATEMENTS["comments_by_post_ids"].towards(backward=page.rises)
    return database.fetch(statement, CommentRow, viewer=viewer, ids=array(ids), **page.parameters)


def replies_by_comment_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[CommentRow]]:
    statement = _STATEMENTS["replies_by_comment_ids"].towards(backward=page.rises)
    return database.fetch(statement, CommentRow, viewer=viewer, ids=array(ids), **page.parameters)


async def insert_comment(
    database: Database, viewer: int, post_id: int, parent_comment_id: int | None, content: str, html: str
) -> IdRow | None:
    return await database.fetch_one(
        _STATEMENTS["insert_comment"],
        IdRow,
        viewer=viewer,
        post_id=post_id,
        parent_comment_id=parent_comment_id,
        content=content,
        content_html=html,
    )


def ancestors_by_comment_ids(database: Database, ids: Iterable[int], limit: int) -> Future[list[AncestorRow]]:
    return database.fetch(_STATEMENTS["ancestors_by_comment_ids"], AncestorRow, ids=array(ids), limit=limit)


async def edit_comment(database: Database, viewer: int, comment_id: int, content: str, html: str) -> EditedRow | None:
    given = {"viewer": viewer, "id": comment_id, "content": content, "content_html": html}
    return await database.fetch_one(_STATEMENTS["edit_comment"], EditedRow, **given)


async def delete_comment(database: Database, viewer: int, comment_id: int) -> DeletedRow | None:
    return await database.fetch_one(_STATEMENTS["delete_comment"], DeletedRow, viewer=viewer, id=comment_id)


def likers_by_comment_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[LikerRow]]:
    statement = _STATEMENTS["likers_by_comment_ids"].towards(backward=page.backward)
    return database.fetch(statement, LikerRow, viewer=viewer, ids=array(ids), **page.parameters)


def viewer_likes_by_comment_ids(database: Database, viewer: int, ids: Iterable[int]) -> Future[list[CommentLikeRow]]:
    statement = _STATEMENTS["viewer_likes_by_comment_ids"]
    return database.fetch(statement, CommentLikeRow, viewer=viewer, ids=array(ids))


async def like_comment(database: Database, viewer: int, comment_id: int) -> bool:
    return await database.execute(_STATEMENTS["like_comment"], viewer=viewer, id=comment_id) > 0


async def unlike_comment(database: Database, viewer: int, comment_id: int) -> bool:
    return await database.execute(_STATEMENTS["unlike_comment"], viewer=viewer, id=comment_id) > 0


def texts_by_comment_ids(database: Database, ids: Iterable[int]) -> Future[list[TextRow]]:
    return database.fetch(_STATEMENTS["texts_by_comment_ids"], TextRow, ids=array(ids))


async def unrendered_comments(database: Database, limit: int) -> list[UnrenderedRow]:
    """Comments without HTML, locked until the transaction ends."""
    return await database.fetch(_STATEMENTS["unrendered_comments"], UnrenderedRow, limit=limit)


async def set_comment_html(database: Database, htmls: dict[int, str]) -> None:
    await database.execute(_STATEMENTS["set_comment_html"], ids=array(htmls), htmls=list(htmls.values()))
