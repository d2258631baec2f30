"""Posts."""

from asyncio import Future
from collections.abc import Iterable

from db.pool import Database
from db.queries import PageBounds, array
from db.rows import IdRow, PostRow
from db.statements import load

_STATEMENTS = load("posts")


def posts_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[PostRow]]:
    return database.fetch(_STATEMENTS["posts_by_ids"], PostRow, viewer=viewer, ids=array(ids))


def posts_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[PostRow]]:
    statement = _STATEMENTS["posts_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, PostRow, viewer=viewer, ids=array(ids), **page.parameters)


async def insert_text_post(
    database: Database,
    viewer: int,
    type: str,
    visibility: str,
    title: str | None,
    content: str,
    tags: list[str],
) -> IdRow | None:
    return await database.fetch_one(
        _STATEMENTS["insert_text_post"],
        IdRow,
        viewer=viewer,
        type=type,
        visibility=visibility,
        title=title,
        content=content,
        tags=tags,
    )
