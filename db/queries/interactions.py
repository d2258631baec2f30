"""What people do with posts: like, bookmark and repost them."""

from asyncio import Future
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import PageBounds, array
from db.statements import load


class RepostRow(NamedTuple):
    owner_id: int
    created_at: datetime
    id: int
    post_id: int
    is_stop: bool = False


class LikerRow(NamedTuple):
    owner_id: int
    created_at: datetime
    id: int
    user_id: int
    is_stop: bool = False


class BookmarkRow(NamedTuple):
    owner_id: int
    created_at: datetime
    id: int
    post_id: int
    is_stop: bool = False


class InteractionRow(NamedTuple):
    """`interaction` is like, bookmark, share or repost, by the viewer."""

    post_id: int
    interaction: str


_STATEMENTS = load("interactions")


def reposts_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[RepostRow]]:
    statement = _STATEMENTS["reposts_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, RepostRow, viewer=viewer, ids=array(ids), **page.parameters)


def likers_by_post_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[LikerRow]]:
    statement = _STATEMENTS["likers_by_post_ids"].towards(backward=page.backward)
    return database.fetch(statement, LikerRow, viewer=viewer, ids=array(ids), **page.parameters)


def bookmarks_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[BookmarkRow]]:
    statement = _STATEMENTS["bookmarks_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, BookmarkRow, viewer=viewer, ids=array(ids), **page.parameters)


def viewer_interactions_by_post_ids(
    database: Database, viewer: int | None, ids: Iterable[int]
) -> Future[list[InteractionRow]]:
    return database.fetch(_STATEMENTS["viewer_interactions_by_post_ids"], InteractionRow, viewer=viewer, ids=array(ids))


async def like_post(database: Database, viewer: int, post_id: int) -> bool:
    return await database.execute(_STATEMENTS["like_post"], viewer=viewer, post_id=post_id) > 0


async def unlike_post(database: Database, viewer: int, post_id: int) -> bool:
    return await database.execute(_STATEMENTS["unlike_post"], viewer=viewer, post_id=post_id) > 0


async def bookmark_post(database: Database, viewer: int, post_id: int) -> BookmarkRow | None:
    return await database.fetch_one(_STATEMENTS["bookmark_post"], BookmarkRow, viewer=viewer, post_id=post_id)


async def remove_bookmark(database: Database, viewer: int, post_id: int) -> bool:
    return await database.execute(_STATEMENTS["remove_bookmark"], viewer=viewer, post_id=post_id) > 0


async def share_post(database: Database, viewer: int, post_id: int) -> bool:
    return await database.execute(_STATEMENTS["share_post"], viewer=viewer, post_id=post_id) > 0
