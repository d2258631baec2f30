"""The home feed."""

from asyncio import Future

from db.pool import Database
from db.queries import PageBounds
from db.queries.posts import PostRow
from db.statements import load

_STATEMENTS = load("home_feed")


def home_feed(database: Database, viewer: int, page: PageBounds) -> Future[list[PostRow]]:
    statement = _STATEMENTS["home_feed"].towards(backward=page.backward)
    return database.fetch(statement, PostRow, viewer=viewer, **page.parameters)
