"""A custom feed as one keyset statement over the posts that its reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from psycopg import sql

from db.documents.feed_rules import FeedRules, FeedSort
from db.feeds.choice import Scan, choose
from db.feeds.conditions import feed_condition
from db.feeds.limits import within_author_limit
from db.feeds.mute_words import MutePatterns
from db.feeds.order import sort_key_of
from db.feeds.parameters import Parameters
from db.feeds.recent import Times, recent_page
from db.feeds.scored import HIGHEST_BUCKET, Scored, of_people, scored_page
from db.feeds.seen import unseen
from db.feeds.sets import time_bounds
from db.feeds.tiers import BOUNDS, Bounds, Pieces

SortKey: TypeAlias = Sequence[int | datetime]

_FORWARD = (sql.SQL("custom_feed"), sql.SQL("DESC"))
_BACKWARD = (sql.SQL("custom_feed_backward"), sql.SQL("ASC"))


@dataclass(frozen=True, slots=True)
class FeedPost:
    """One row of a feed: enough to hydrate the post and to continue after it.

    The sort key is (created_at, id), with `score` in front but under RECENT, which has none. A stop is no
    post of the page: the statement looked no further than there. `mark` is that of the page, which cursors carry.
    """

    id: int
    created_at: datetime
    score: int | None
    is_stop: bool = False
    mark: int = 0


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Which part of a feed: strictly after and before these sort keys, from the end when `backward`.

    `limit` is what the statement may return: ask for one more than the page to learn whether there is more. `mark` is
    the reader's latest one when the first page was opened: what was seen since is there still. None: no such moment.
    """

    limit: int
    after: SortKey | None = None
    before: SortKey | None = None
    backward: bool = False
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class FeedStatement:
    """Gives rows of FeedPost in the feed's order, the last row first when the page is read backward."""

    name: str
    query: sql.Composed
    parameters: dict[str, object]


def compile_feed(
    rules: FeedRules,
    page: FeedPage,
    *,
    viewer: int | None,
    me: int | None,
    words: MutePatterns | None = None,
    pins_of: int | None = None,
    bounds: Bounds = BOUNDS,
) -> FeedStatement:
    """The statement for one page of a feed; ValueError when the page's keys belong to another sort.

    `viewer` is who reads, and decides what may be seen; `me` is whose friends and follows the rules speak of:
    the viewer's, or, in a section of a profile, the owner's. `words` are those that the viewer mutes;
    `pins_of` is the feed whose pinned posts stand above the page, and are not in it.
    """
    parameters = Parameters(viewer=viewer, me=me)
    name, direction = _BACKWARD if page.backward else _FORWARD
    sort_key = sort_key_of(rules, parameters)
    since, until = time_bounds(rules, parameters)
    keys = [
        *([] if page.after is None else [_bound(sort_key, sql.SQL("<"), page.after, parameters)]),
        *([] if page.before is None else [_bound(sort_key, sql.SQL(">"), page.before, parameters)]),
        *(sql.SQL("post.created_at >= {}").format(one) for one in since),
        *(sql.SQL("post.created_at <= {}").format(one) for one in until),
    ]
    holds = feed_condition(rules, words, pins_of, parameters)
    limited = within_author_limit(rules.max_per_author_per_day, sort_key, holds)
    fresh = unseen(rules, parameters, page.mark)
    pieces = Pieces(_all(keys), _all([holds, limited]), fresh, direction, sql.Literal(page.limit))
    choice = choose(rules, parameters)
    if rules.sort is FeedSort.RECENT:
        lows = [*since, *([] if page.before is None else [_moment(page.before, parameters)])]
        highs = [*until, *([] if page.after is None else [_moment(page.after, parameters)])]
        query = recent_page(pieces, choice.source, Times(lows, highs), bounds, backward=page.backward)
    else:
        follows = page.before if page.backward else page.after
        low, high = _buckets(rules.sort, page)
        scored = Scored(
            rules.sort,
            sort_key[0],
            low=low,
            high=high,
            backward=page.backward,
            is_whole=not rules.groups,
            weights=rules.weights,
            follows=None if follows is None else _score(follows),
            moment=None if follows is None else _moment(follows, parameters),
        )
        if choice.scan is Scan.PEOPLE:
            query = of_people(scored, pieces)
        else:
            query = scored_page(scored, pieces, choice.source.found, bounds)
    named = sql.SQL("/* {} */ {}").format(name, query)
    return FeedStatement(name.as_string(), named, parameters.values)


def _all(conditions: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL(" AND ").join(conditions) if conditions else sql.SQL("TRUE")


def _bound(
    sort_key: tuple[sql.Composable, ...], side: sql.SQL, bound: SortKey, parameters: Parameters
) -> sql.Composable:
    """The row comparison of a post with one end of the page."""
    if len(bound) != len(sort_key):
        raise ValueError(f"This feed is sorted by {len(sort_key)} values, and not by as many as {bound} has")
    types = (sql.SQL("bigint"), sql.SQL("timestamptz"), sql.SQL("bigint"))[-len(bound) :]
    values = (sql.SQL("{}::{}").format(parameters.add(value), type_) for value, type_ in zip(bound, types, strict=True))
    comma = sql.SQL(", ")
    return sql.SQL("({}) {} ({})").format(comma.join(sort_key), side, comma.join(values))


def _moment(bound: SortKey, parameters: Parameters) -> sql.Composable:
    return sql.SQL("{}::timestamptz").format(parameters.add(bound[-2]))


def _buckets(sort: FeedSort, page: FeedPage) -> tuple[int, int]:
    """The lowest and the highest bucket that posts of the page are in, by what the page is sorted by."""
    if sort is FeedSort.SCORE:
        return 0, HIGHEST_BUCKET
    low = 0 if page.before is None else _bucket(_score(page.before))
    high = HIGHEST_BUCKET if page.after is None else _bucket(_score(page.after))
    return low, high


def _score(bound: SortKey) -> int:
    score = bound[0]
    if not isinstance(score, int):
        raise TypeError(f"Likes, engagement and scores are numbers: {score}")
    return score


def _bucket(score: int) -> int:
    return min(max(score + 1, 1).bit_length() - 1, HIGHEST_BUCKET)
