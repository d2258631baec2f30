"""Custom feeds: what they are, and what they show."""

from collections.abc import Iterable

from db.documents.feed_rules import FeedRules
from db.feeds import FeedPage, FeedPost, compile_feed
from db.pool import Database
from db.queries import array
from db.rows import FeedFilterRow, FeedRow, SectionFeedRow
from db.statements import load

_STATEMENTS = load("feeds")


async def feeds_by_user_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> list[FeedRow]:
    return await database.fetch(_STATEMENTS["feeds_by_user_ids"], FeedRow, viewer=viewer, ids=array(ids))


async def feeds_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> list[FeedRow]:
    return await database.fetch(_STATEMENTS["feeds_by_ids"], FeedRow, viewer=viewer, ids=array(ids))


async def feeds_by_section_ids(database: Database, ids: Iterable[int]) -> list[SectionFeedRow]:
    return await database.fetch(_STATEMENTS["feeds_by_section_ids"], SectionFeedRow, ids=array(ids))


async def filters_by_feed_ids(database: Database, ids: Iterable[int]) -> list[FeedFilterRow]:
    return await database.fetch(_STATEMENTS["filters_by_feed_ids"], FeedFilterRow, ids=array(ids))


async def custom_feed(
    database: Database, rules: FeedRules, page: FeedPage, *, viewer: int | None, me: int | None
) -> list[FeedPost]:
    """The keys of one page of a feed that `viewer` reads; `me` is whose friends and follows the rules speak of."""
    statement = compile_feed(rules, page, viewer=viewer, me=me)
    return await database.fetch_composed(statement.name, statement.query, statement.parameters, FeedPost)
