"""People whom the viewer may know: by those whom they follow, and by those who follow them."""

from asyncio import Future
from collections.abc import Iterable
from typing import NamedTuple

from db.pool import Database
from db.queries import LinkRow, PageBounds, array
from db.statements import load


class SuggestionRow(NamedTuple):
    """The user `id`, who is followed by `shared` of the people whom the viewer follows."""

    owner_id: int
    shared: int
    id: int
    is_stop: bool = False


_STATEMENTS = load("acquaintances")


def known_followers_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[LinkRow]]:
    statement = _STATEMENTS["known_followers_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, LinkRow, viewer=viewer, ids=array(ids), **page.parameters)


def mutual_friends_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[LinkRow]]:
    statement = _STATEMENTS["mutual_friends_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, LinkRow, viewer=viewer, ids=array(ids), **page.parameters)


def suggestions_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[SuggestionRow]]:
    statement = _STATEMENTS["suggestions_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, SuggestionRow, viewer=viewer, ids=array(ids), **page.parameters)


def friend_requests_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[LinkRow]]:
    statement = _STATEMENTS["friend_requests_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, LinkRow, viewer=viewer, ids=array(ids), **page.parameters)
