"""The texts of posts as HTML, and the people whom they name."""

from asyncio import Future
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from db.pool import Database
from db.queries import array
from db.statements import load


class NameRow(NamedTuple):
    id: int
    username: str


class MentionRow(NamedTuple):
    post_id: int
    user_id: int


class TextRow(NamedTuple):
    """`content` only where it has not been rendered."""

    id: int
    content_html: str | None
    content: str | None


class UnrenderedRow(NamedTuple):
    id: int
    user_id: int
    content: str


_STATEMENTS = load("post_texts")


def mentions_by_post_ids(database: Database, ids: Iterable[int]) -> Future[list[MentionRow]]:
    return database.fetch(_STATEMENTS["mentions_by_post_ids"], MentionRow, ids=array(ids))


def texts_by_post_ids(database: Database, ids: Iterable[int]) -> Future[list[TextRow]]:
    return database.fetch(_STATEMENTS["texts_by_post_ids"], TextRow, ids=array(ids))


async def unrendered_texts(database: Database, limit: int) -> list[UnrenderedRow]:
    """Texts without HTML, locked until the transaction ends."""
    return await database.fetch(_STATEMENTS["unrendered_texts"], UnrenderedRow, limit=limit)


async def set_post_html(database: Database, htmls: dict[int, str]) -> None:
    await database.execute(_STATEMENTS["set_post_html"], ids=array(htmls), htmls=list(htmls.values()))


def users_by_names(database: Database, viewer: int | None, names: Sequence[str]) -> Future[list[NameRow]]:
    return database.fetch(_STATEMENTS["users_by_names"], NameRow, viewer=viewer, names=list(names))


async def set_mentions(database: Database, post_id: int, user_ids: Sequence[int]) -> None:
    await database.execute(_STATEMENTS["delete_mentions"], post_id=post_id)
    if user_ids:
        await database.execute(_STATEMENTS["insert_mentions"], post_id=post_id, ids=array(user_ids))
