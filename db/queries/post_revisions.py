"""Earlier versions of posts, which their authors alone see."""

from asyncio import Future
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import PageBounds, array
from db.queries.posts import POST_GRACE
from db.statements import load

REVISIONS_PER_POST = 50


class RevisionRow(NamedTuple):
    id: int
    post_id: int
    title: str | None
    content: str | None
    tags: list[str]
    media_ids: list[int]
    replaced_at: datetime
    owner_id: int | None = None


_STATEMENTS = load("post_revisions")


def revisions_by_post_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[RevisionRow]]:
    statement = _STATEMENTS["revisions_by_post_ids"].towards(backward=page.backward)
    return database.fetch(statement, RevisionRow, viewer=viewer, ids=array(ids), **page.parameters)


def revisions_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[RevisionRow]]:
    statement = _STATEMENTS["revisions_by_ids"]
    return database.fetch(statement, RevisionRow, viewer=viewer, ids=array(ids), grace=POST_GRACE)


async def keep_revision(database: Database, viewer: int, post_id: int) -> None:
    """Keep the post as it is now; the oldest versions beyond the limit are deleted."""
    await database.execute(_STATEMENTS["insert_revision"], viewer=viewer, post_id=post_id)
    await database.execute(_STATEMENTS["trim_revisions"], post_id=post_id, kept=REVISIONS_PER_POST)
