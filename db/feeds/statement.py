"""A custom feed as one keyset statement over the posts that its reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from psycopg import sql

from db.documents.feed_filters import AuthorFilter
from db.documents.feed_rules import FeedRules, FeedScope, FeedSort, Join, Match
from db.feeds.conditions import AUTHOR_NOT_MUTED, ENGAGEMENT, REACHABLE, Parameters, in_scope, rules_condition

SortKey: TypeAlias = Sequence[int | datetime]

# The limit is part of the text: with a parameter, a cached plan reckons with a tenth of all posts and sorts them.
_PAGE = sql.SQL(
    "SELECT post.id, post.created_at, {score}::bigint AS score "
    "FROM app.visible_posts(%(viewer)s::bigint) AS post "
    "WHERE {conditions} "
    "ORDER BY {order} "
    "LIMIT {limit}"
)

# By engagement or likes, the page is taken from one power of two after another, until it is full. Left to order by
# counters over all posts, the planner sorts the table.
_PAGE_BY_BUCKET = sql.SQL(
    "SELECT feed.id, feed.created_at, feed.score FROM ("
    "SELECT number FROM generate_series({low}::integer, least({high}::integer, ("
    "SELECT max(engagement_bucket) FROM public.posts WHERE status = 'published'"
    "))) AS number ORDER BY number {direction}"
    ") AS bucket CROSS JOIN LATERAL ({page}) AS feed "
    "ORDER BY bucket.number {direction}, feed.score {direction}, feed.created_at {direction}, feed.id {direction} "
    "LIMIT {limit}"
)
# engagement_bucket is floor(log2(engagement + 1)), and idx_posts_engagement_created finds the posts of each. No index
# holds likes, but who has so many has at least as much engagement: those of a bucket are in it or above, and few posts
# are. Both bounds are always written: of a range that it does not know, the planner expects few posts.
_IN_BUCKET: dict[FeedSort, sql.SQL] = {
    FeedSort.ENGAGEMENT: sql.SQL("post.engagement_bucket BETWEEN bucket.number AND bucket.number"),
    FeedSort.POPULAR: sql.SQL(
        "post.engagement_bucket BETWEEN bucket.number AND 33 AND "
        "post.likes_count BETWEEN (1::bigint << bucket.number) - 1 AND (2::bigint << bucket.number) - 2"
    ),
}
_HIGHEST_BUCKET = 33  # three counters below 2^31

# Most posts have hardly any engagement. A feed with filters looks at those at once, with a plan of its own that knows
# how many they are and how rare what it looks for is, and only where the page is not full without them. (Backward,
# they come first.)
_LEAST_BUSY = 3
_IDLE: dict[FeedSort, sql.SQL] = {
    FeedSort.ENGAGEMENT: sql.SQL("post.engagement_bucket < 3"),
    FeedSort.POPULAR: sql.SQL("post.likes_count < 7"),
}
_PAGE_OF_TWO = sql.SQL(
    "WITH first AS MATERIALIZED ({first}) "
    "SELECT feed.id, feed.created_at, feed.score FROM ("
    "SELECT id, created_at, score FROM first UNION ALL "
    "SELECT id, created_at, score FROM ({second}) AS second WHERE (SELECT count(*) FROM first) < {limit}"
    ") AS feed "
    "ORDER BY feed.score {direction}, feed.created_at {direction}, feed.id {direction} "
    "LIMIT {limit}"
)

# What a feed is sorted by before time and id.
_SCORES: dict[FeedSort, sql.Composable | None] = {
    FeedSort.RECENT: None,
    FeedSort.POPULAR: sql.SQL("post.likes_count"),
    FeedSort.ENGAGEMENT: ENGAGEMENT,
}

_FORWARD = (sql.SQL("custom_feed"), sql.SQL("DESC"))
_BACKWARD = (sql.SQL("custom_feed_backward"), sql.SQL("ASC"))


@dataclass(frozen=True, slots=True)
class FeedPost:
    """One row of a feed: enough to hydrate the post and to continue after it.

    The sort key is (created_at, id), with `score` in front under POPULAR and ENGAGEMENT; RECENT has none.
    """

    id: int
    created_at: datetime
    score: int | None


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Which part of a feed: strictly after and before these sort keys, from the end when `backward`.

    `limit` is what the statement may return: ask for one more than the page to learn whether there is more.
    """

    limit: int
    after: SortKey | None = None
    before: SortKey | None = None
    backward: bool = False


@dataclass(frozen=True, slots=True)
class FeedStatement:
    """Gives rows of FeedPost in the feed's order, the last row first when the page is read backward."""

    name: str
    query: sql.Composed
    parameters: dict[str, object]


def compile_feed(rules: FeedRules, page: FeedPage, *, viewer: int | None, me: int | None) -> FeedStatement:
    """The statement for one page of a feed; ValueError when the page's keys belong to another sort.

    `viewer` is who reads, and decides what may be seen; `me` is whose friends and follows the rules speak of:
    the viewer's, or, in a section of a profile, the owner's.
    """
    parameters = Parameters(viewer=viewer, me=me)
    name, direction = _BACKWARD if page.backward else _FORWARD
    sort_key = _sort_key(rules.sort)
    conditions = [
        REACHABLE,
        AUTHOR_NOT_MUTED,
        in_scope(rules, parameters),
        rules_condition(rules, parameters),
        *([] if page.after is None else [_bound(sort_key, sql.SQL("<"), page.after, parameters)]),
        *([] if page.before is None else [_bound(sort_key, sql.SQL(">"), page.before, parameters)]),
    ]
    order = sql.SQL(", ").join(sql.SQL("{} {}").format(one, direction) for one in sort_key)
    limit = sql.Literal(page.limit)

    def part(*where: sql.SQL) -> sql.Composed:
        every = sql.SQL(" AND ").join([*where, *conditions])
        return _PAGE.format(score=_SCORES[rules.sort] or sql.NULL, conditions=every, order=order, limit=limit)

    if rules.sort is FeedSort.RECENT or _names_authors(rules):
        query = part()
    else:
        low = 0 if page.before is None else _bucket(page.before)
        high = _HIGHEST_BUCKET if page.after is None else _bucket(page.after)
        has_idle = bool(rules.groups) and low < _LEAST_BUSY
        query = _PAGE_BY_BUCKET.format(
            low=parameters.add(_LEAST_BUSY if has_idle else low),
            high=parameters.add(high),
            page=part(_IN_BUCKET[rules.sort]),
            direction=direction,
            limit=limit,
        )
        if has_idle:
            halves = (query, part(_IDLE[rules.sort]))
            first, second = reversed(halves) if page.backward else halves
            query = _PAGE_OF_TWO.format(first=first, second=second, direction=direction, limit=limit)
    named = sql.SQL("/* {} */ {}").format(name, query)
    return FeedStatement(name.as_string(), named, parameters.values)


def _names_authors(rules: FeedRules) -> bool:
    """Whether all posts of the feed are by certain people: their posts are read once and sorted, bucket or not."""
    if rules.scope is FeedScope.FOLLOWING:
        return True
    if rules.join is Join.ANY:
        return False
    for group in rules.groups:
        by_authors = [isinstance(one, AuthorFilter) for one in group.filters]
        if (group.match is Match.ALL and any(by_authors)) or (group.match is Match.ANY and all(by_authors)):
            return True
    return False


def _sort_key(sort: FeedSort) -> tuple[sql.Composable, ...]:
    """The expressions that a feed is ordered by, all in one direction."""
    score = _SCORES[sort]
    time = (sql.SQL("post.created_at"), sql.SQL("post.id"))
    return time if score is None else (score, *time)


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


def _bucket(bound: SortKey) -> int:
    score = bound[0]
    if not isinstance(score, int):
        raise TypeError(f"Likes and engagement are numbers: {score}")
    return min(max(score + 1, 1).bit_length() - 1, _HIGHEST_BUCKET)
