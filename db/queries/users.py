"""Users, and how they follow one another."""

from asyncio import Future
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from db.documents.folding import fold
from db.pool import Database
from db.queries import IdRow, LinkRow, PageBounds, array
from db.statements import load


class UserRow(NamedTuple):
    """A user as the viewer sees it; without a visible profile, all that belongs to the profile is None."""

    id: int
    username: str
    created_at: datetime
    has_profile: bool
    display_name: str | None
    bio: str | None
    age: int | None
    location: str | None
    website: str | None
    visibility: str | None
    avatar_id: int | None
    avatar_url: str | None
    avatar_thumbnails: Sequence[int] | None


class ProfileRow(NamedTuple):
    """What a user shows of their profile; `id` is the user's."""

    id: int
    display_name: str | None
    bio: str | None
    age: int | None
    location: str | None
    website: str | None
    visibility: str
    avatar_id: int | None
    avatar_url: str | None
    avatar_thumbnails: Sequence[int] | None


class UserCountsRow(NamedTuple):
    """What a user may be known to have; all but the posts is None where the user hides it."""

    user_id: int
    posts_count: int
    followers_count: int | None
    following_count: int | None
    friends_count: int | None


class RelationRow(NamedTuple):
    """`relation` is follows, followed_by or friend, seen from the viewer."""

    user_id: int
    relation: str


class FoundUserRow(NamedTuple):
    """A user that a search found, and how well the name fits."""

    score: int
    id: int


_STATEMENTS = load("users")


def users_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[UserRow]]:
    return database.fetch(_STATEMENTS["users_by_ids"], UserRow, viewer=viewer, ids=array(ids))


def user_counts_by_user_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[UserCountsRow]]:
    return database.fetch(_STATEMENTS["user_counts_by_user_ids"], UserCountsRow, viewer=viewer, ids=array(ids))


async def user_id_by_username(database: Database, viewer: int | None, username: str) -> IdRow | None:
    return await database.fetch_one(_STATEMENTS["user_id_by_username"], IdRow, viewer=viewer, username=fold(username))


def users_by_name(database: Database, viewer: int | None, name: str, page: PageBounds) -> Future[list[FoundUserRow]]:
    statement = _STATEMENTS["users_by_name"].towards(backward=page.backward)
    return database.fetch(statement, FoundUserRow, viewer=viewer, name=name, **page.parameters)


def viewer_relations_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int]
) -> Future[list[RelationRow]]:
    return database.fetch(_STATEMENTS["viewer_relations_by_user_ids"], RelationRow, viewer=viewer, ids=array(ids))


def followers_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[LinkRow]]:
    statement = _STATEMENTS["followers_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, LinkRow, viewer=viewer, ids=array(ids), **page.parameters)


def following_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[LinkRow]]:
    statement = _STATEMENTS["following_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, LinkRow, viewer=viewer, ids=array(ids), **page.parameters)


def friends_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[LinkRow]]:
    statement = _STATEMENTS["friends_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, LinkRow, viewer=viewer, ids=array(ids), **page.parameters)


async def follow_user(database: Database, viewer: int, user_id: int) -> bool:
    return await database.execute(_STATEMENTS["follow_user"], viewer=viewer, user_id=user_id) > 0


async def unfollow_user(database: Database, viewer: int, user_id: int) -> bool:
    return await database.execute(_STATEMENTS["unfollow_user"], viewer=viewer, user_id=user_id) > 0
