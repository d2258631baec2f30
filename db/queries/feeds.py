"""Custom feeds: what they are, and what they show."""

from asyncio import Future
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from db.documents.feed_rules import FeedRules
from db.feeds import FeedPage, FeedPost, compile_feed
from db.pool import Database
from db.queries import array
from db.statements import load


class FeedRow(NamedTuple):
    id: int
    user_id: int
    name: str
    description: str | None
    algorithm_config: dict[str, Any]
    is_default: bool
    display_order: int
    created_at: datetime
    updated_at: datetime


class SectionFeedRow(NamedTuple):
    """The feed that a section runs, for `section_id`."""

    section_id: int
    id: int
    user_id: int
    name: str
    description: str | None
    algorithm_config: dict[str, Any]
    is_default: bool
    display_order: int
    created_at: datetime
    updated_at: datetime


class FeedFilterRow(NamedTuple):
    feed_id: int
    filter_type: str
    filter_operator: str
    value: dict[str, Any]
    group_id: int
    logical_operator: str
    display_order: int


_STATEMENTS = load("feeds")


def feeds_by_user_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[FeedRow]]:
    return database.fetch(_STATEMENTS["feeds_by_user_ids"], FeedRow, viewer=viewer, ids=array(ids))


def feeds_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[FeedRow]]:
    return database.fetch(_STATEMENTS["feeds_by_ids"], FeedRow, viewer=viewer, ids=array(ids))


def feeds_by_section_ids(database: Database, ids: Iterable[int]) -> Future[list[SectionFeedRow]]:
    return database.fetch(_STATEMENTS["feeds_by_section_ids"], SectionFeedRow, ids=array(ids))


def filters_by_feed_ids(database: Database, ids: Iterable[int]) -> Future[list[FeedFilterRow]]:
    return database.fetch(_STATEMENTS["filters_by_feed_ids"], FeedFilterRow, ids=array(ids))


def custom_feed(
    database: Database, rules: FeedRules, page: FeedPage, *, viewer: int | None, me: int | None
) -> Future[list[FeedPost]]:
    """The keys of one page of a feed that `viewer` reads; `me` is whose friends and follows the rules speak of."""
    statement = compile_feed(rules, page, viewer=viewer, me=me)
    return database.fetch_composed(statement.name, statement.query, statement.parameters, FeedPost)
