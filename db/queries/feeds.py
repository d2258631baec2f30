"""Custom feeds: what they are, and what they show."""

from asyncio import Future
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from db.documents.feed_rules import FeedRules
from db.enums import FeedSharing
from db.feeds import (
    FeedCounts,
    FeedOutcome,
    FeedPage,
    FeedPost,
    MutePatterns,
    compile_counts,
    compile_feed,
    compile_outcomes,
    filter_rows,
)
from db.pool import Database
from db.queries import IdRow, array
from db.statements import Bound, load

FOLLOWING_FEEDS = 1 << 62
"""What is added to the id of a person, to have that of the Following feed, which nobody stores."""


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
    rules_version: int
    sharing: str
    forked_from_id: int | None
    is_built_in: bool = False


class SectionFeedRow(NamedTuple):
    """A feed as sections of its owner run it, whoever may open it on its own."""

    id: int
    user_id: int
    name: str
    description: str | None
    algorithm_config: dict[str, Any]
    is_default: bool
    display_order: int
    created_at: datetime
    updated_at: datetime
    rules_version: int


class ForkCountRow(NamedTuple):
    feed_id: int
    total: int


class FeedFilterRow(NamedTuple):
    feed_id: int
    filter_type: str
    filter_operator: str
    value: dict[str, Any]
    group_id: int
    logical_operator: str
    display_order: int


_STATEMENTS = load("feeds")


def following_feed_id(user_id: int) -> int:
    return FOLLOWING_FEEDS + user_id


def feeds_by_user_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[FeedRow]]:
    return database.fetch(_STATEMENTS["feeds_by_user_ids"], FeedRow, viewer=viewer, ids=array(ids))


def feeds_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[FeedRow]]:
    return database.fetch(_STATEMENTS["feeds_by_ids"], FeedRow, viewer=viewer, ids=array(ids))


def public_feeds_by_user_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[FeedRow]]:
    return database.fetch(_STATEMENTS["public_feeds_by_user_ids"], FeedRow, viewer=viewer, ids=array(ids))


def fork_counts_by_feed_ids(database: Database, ids: Iterable[int]) -> Future[list[ForkCountRow]]:
    return database.fetch(_STATEMENTS["fork_counts_by_feed_ids"], ForkCountRow, ids=array(ids))


def section_feeds_by_ids(database: Database, ids: Iterable[int]) -> Future[list[SectionFeedRow]]:
    return database.fetch(_STATEMENTS["section_feeds_by_ids"], SectionFeedRow, ids=array(ids))


def filters_by_feed_ids(database: Database, ids: Iterable[int]) -> Future[list[FeedFilterRow]]:
    return database.fetch(_STATEMENTS["filters_by_feed_ids"], FeedFilterRow, ids=array(ids))


def custom_feed(  # noqa: PLR0913  # who reads which feed, and how
    database: Database,
    rules: FeedRules,
    page: FeedPage,
    *,
    viewer: int | None,
    me: int | None,
    words: MutePatterns | None,
    pins_of: int | None,
    bound: Bound,
) -> Future[list[FeedPost]]:
    """The keys of one page of a feed that `viewer` reads, who mutes `words`; its rules mean the friends of `me`."""
    one = compile_feed(rules, page, viewer=viewer, me=me, words=words, pins_of=pins_of)
    return database.fetch_composed(one.name, one.query, one.parameters, FeedPost, bound)


def feed_outcomes(  # noqa: PLR0913  # as above
    database: Database,
    rules: FeedRules,
    ids: Iterable[int],
    *,
    viewer: int | None,
    me: int | None,
    words: MutePatterns | None,
    pins_of: int | None,
    bound: Bound,
) -> Future[list[FeedOutcome]]:
    """What each of these posts that `viewer` may see is to the rules."""
    one = compile_outcomes(rules, ids, viewer=viewer, me=me, words=words, pins_of=pins_of)
    return database.fetch_composed(one.name, one.query, one.parameters, FeedOutcome, bound)


async def feed_counts(
    database: Database,
    rules: FeedRules,
    *,
    viewer: int | None,
    me: int | None,
    words: MutePatterns | None,
    bound: Bound,
) -> FeedCounts:
    """What the rules keep and drop of the latest posts that `viewer` may see."""
    one = compile_counts(rules, viewer=viewer, me=me, words=words)
    return (await database.fetch_composed(one.name, one.query, one.parameters, FeedCounts, bound))[0]


async def lock_feeds_of_user(database: Database, viewer: int) -> None:
    """Held before anything else of these feeds: their number, order and default belong together."""
    await database.fetch(_STATEMENTS["lock_feeds_of_user"], IdRow, viewer=viewer)


async def lock_feed(database: Database, viewer: int, feed_id: int) -> FeedRow | None:
    return await database.fetch_one(_STATEMENTS["lock_feed"], FeedRow, viewer=viewer, feed_id=feed_id)


async def create_feed(
    database: Database,
    viewer: int,
    name: str,
    description: str | None,
    rules: FeedRules,
    *,
    forked_from_id: int | None = None,
) -> int | None:
    """Write a feed and its filters; its id, or None where the viewer has as many as there may be."""
    created = await database.fetch_one(
        _STATEMENTS["create_feed"],
        IdRow,
        viewer=viewer,
        name=name,
        description=description,
        algorithm_config=Jsonb(_config(rules)),
        forked_from_id=forked_from_id,
    )
    if created is None:
        return None
    await _insert_filters(database, viewer, created.id, rules)
    return created.id


async def update_feed(database: Database, viewer: int, feed: FeedRow, rules: FeedRules | None) -> None:
    """Write a locked feed as `feed` has it, and its filters anew where there are `rules`, as the next version."""
    await database.fetch(
        _STATEMENTS["update_feed"],
        IdRow,
        viewer=viewer,
        feed_id=feed.id,
        name=feed.name,
        description=feed.description,
        algorithm_config=Jsonb(feed.algorithm_config if rules is None else _config(rules)),
        rules_version=feed.rules_version + (rules is not None),
    )
    if rules is not None:
        await database.fetch(_STATEMENTS["delete_filters"], IdRow, viewer=viewer, feed_id=feed.id)
        await _insert_filters(database, viewer, feed.id, rules)


async def share_feed(database: Database, viewer: int, feed_id: int, sharing: FeedSharing) -> None:
    """Let others open a locked feed, or nobody."""
    await database.fetch(_STATEMENTS["share_feed"], IdRow, viewer=viewer, feed_id=feed_id, sharing=sharing)


async def delete_feed(database: Database, viewer: int, feed_id: int) -> bool:
    """Whether there was one."""
    return await database.fetch_one(_STATEMENTS["delete_feed"], IdRow, viewer=viewer, feed_id=feed_id) is not None


async def feed_ids_of_user(database: Database, viewer: int) -> set[int]:
    """The ids of the viewer's stored feeds."""
    return {row.id for row in await database.fetch(_STATEMENTS["feed_ids_of_user"], IdRow, viewer=viewer)}


async def order_feeds(database: Database, viewer: int, ids: Sequence[int]) -> None:
    """Put the viewer's feeds into this order, the built-in one among them."""
    await database.fetch(_STATEMENTS["order_feeds"], IdRow, viewer=viewer, ids=array(ids))
    place = ids.index(following_feed_id(viewer))
    await database.fetch(_STATEMENTS["place_following_feed"], IdRow, viewer=viewer, place=place)


async def choose_default_feed(database: Database, viewer: int, feed_id: int) -> bool:
    """Whether there is such a feed of the viewer; it is the only default one now. Without one, the built-in is."""
    await database.fetch(_STATEMENTS["release_default_feed"], IdRow, viewer=viewer, feed_id=feed_id)
    if feed_id == following_feed_id(viewer):
        return True
    chosen = await database.fetch_one(_STATEMENTS["choose_default_feed"], IdRow, viewer=viewer, feed_id=feed_id)
    return chosen is not None


async def _insert_filters(database: Database, viewer: int, feed_id: int, rules: FeedRules) -> None:
    filters = Jsonb([asdict(row) for row in filter_rows(rules)])
    await database.fetch(_STATEMENTS["insert_filters"], IdRow, viewer=viewer, feed_id=feed_id, filters=filters)


def _config(rules: FeedRules) -> dict[str, Any]:
    """What stands beside the filters."""
    return rules.model_dump(mode="json", exclude={"groups"}, exclude_none=True)
