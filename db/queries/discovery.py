"""Discovery: popular posts, those of a viewer's circle, and what is trending."""

from asyncio import Future
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import PageBounds
from db.statements import load


class TrendRow(NamedTuple):
    """A span of time to look at; it is no row of a table."""

    hours: int


class TrendingTagRow(NamedTuple):
    tag: str
    posts_count: int
    people_count: int


class TrendingPostRow(NamedTuple):
    score: int
    id: int
    is_stop: bool


class PopularPostRow(NamedTuple):
    engagement_bucket: int
    created_at: datetime
    id: int
    is_stop: bool


_STATEMENTS = load("discovery")


def popular_posts(database: Database, viewer: int | None, page: PageBounds) -> Future[list[PopularPostRow]]:
    statement = _STATEMENTS["popular_posts"].towards(backward=page.backward)
    return database.fetch(statement, PopularPostRow, viewer=viewer, **page.parameters)


def posts_of_circle(database: Database, viewer: int, page: PageBounds) -> Future[list[PopularPostRow]]:
    statement = _STATEMENTS["posts_of_circle"]
    return database.fetch(statement, PopularPostRow, viewer=viewer, backward=page.backward, **page.parameters)


def trending_posts(
    database: Database, viewer: int | None, hours: int, page: PageBounds
) -> Future[list[TrendingPostRow]]:
    statement = _STATEMENTS["trending_posts"].towards(backward=page.backward)
    return database.fetch(statement, TrendingPostRow, viewer=viewer, hours=hours, **page.parameters)


def trending_tags(database: Database, hours: int) -> Future[list[TrendingTagRow]]:
    return database.fetch(_STATEMENTS["trending_tags"], TrendingTagRow, hours=hours)
