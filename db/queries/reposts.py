"""Reposts: a person's own, and those of a post."""

from asyncio import Future
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow, PageBounds, array
from db.statements import load


class RepostRow(NamedTuple):
    id: int
    user_id: int
    post_id: int
    comment: str | None
    created_at: datetime
    owner_id: int | None = None
    is_stop: bool = False


_STATEMENTS = load("reposts")


def reposts_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[RepostRow]]:
    return database.fetch(_STATEMENTS["reposts_by_ids"], RepostRow, viewer=viewer, ids=array(ids))


def reposts_by_post_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[RepostRow]]:
    statement = _STATEMENTS["reposts_by_post_ids"].towards(backward=page.backward)
    return database.fetch(statement, RepostRow, viewer=viewer, ids=array(ids), **page.parameters)


def viewer_reposts_by_post_ids(database: Database, viewer: int, ids: Iterable[int]) -> Future[list[RepostRow]]:
    return database.fetch(_STATEMENTS["viewer_reposts_by_post_ids"], RepostRow, viewer=viewer, ids=array(ids))


async def repost(database: Database, viewer: int, post_id: int, comment: str | None) -> RepostRow | None:
    return await database.fetch_one(
        _STATEMENTS["repost"], RepostRow, viewer=viewer, post_id=post_id, comment=comment
    )  # fmt: skip


async def undo_repost(database: Database, viewer: int, post_id: int) -> int | None:
    """The id of the repost that is undone; None when there was none."""
    undone = await database.fetch_one(_STATEMENTS["undo_repost"], IdRow, viewer=viewer, post_id=post_id)
    return None if undone is None else undone.id
