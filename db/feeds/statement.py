"""A custom feed as one keyset statement over the posts that its reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from psycopg import sql

from db.documents.feed_rules import FeedRules, FeedScope, FeedSort
from db.feeds.conditions import ENGAGEMENT, Parameters, rules_condition

SortKey: TypeAlias = Sequence[int | datetime]

_QUERY = sql.SQL(
    "/* {name} */ "
    "SELECT post.id, post.created_at, {score}::bigint AS score "
    "FROM app.visible_posts(%(viewer)s::bigint) AS post "
    "WHERE {conditions} "
    "ORDER BY {order} "
    "LIMIT %(limit)s"
)

# Feeds only reach public content and content of people whom the viewer follows, and never the muted.
_REACH = (
    sql.SQL(
        "(post.visibility = 'public' OR post.user_id IN ("
        "SELECT following_id FROM public.user_follows WHERE follower_id = %(viewer)s::bigint))"
    ),
    sql.SQL(
        "NOT EXISTS (SELECT FROM app.user_mutes AS mute "
        "WHERE mute.muter_id = %(viewer)s::bigint AND mute.muted_id = post.user_id)"
    ),
)

_FOLLOWED = sql.SQL("post.user_id IN (SELECT following_id FROM public.user_follows WHERE follower_id = %(me)s::bigint)")


@dataclass(frozen=True, slots=True)
class _Order:
    """The expressions that order a feed, all descending; `score` is the one that a person thinks of."""

    score: sql.Composable
    expressions: tuple[sql.Composable, ...]


_FORWARD = (sql.SQL("custom_feed"), sql.SQL("{} DESC"))
_BACKWARD = (sql.SQL("custom_feed_backward"), sql.SQL("{} ASC"))

_TIME = (sql.SQL("post.created_at"), sql.SQL("post.id"))
_ORDERS: dict[FeedSort, _Order] = {
    FeedSort.RECENT: _Order(sql.NULL, _TIME),
    FeedSort.POPULAR: _Order(sql.SQL("post.likes_count"), (sql.SQL("post.likes_count"), *_TIME)),
    # The bucket is floor(log2(engagement + 1)), so putting it first changes nothing in the order and lets
    # idx_posts_engagement_created give the buckets in turn: only the page's bucket is sorted.
    FeedSort.ENGAGEMENT: _Order(ENGAGEMENT, (sql.SQL("post.engagement_bucket"), ENGAGEMENT, *_TIME)),
}


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
    """The statement for one page of a feed.

    `viewer` is who reads, and decides what may be seen; `me` is whose friends and follows the rules speak of:
    the viewer's, or, in a section of a profile, the owner's.
    """
    parameters = Parameters(viewer=viewer, me=me, limit=page.limit)
    order = _ORDERS[rules.sort]
    conditions: list[sql.Composable] = [*_REACH]
    if rules.scope is FeedScope.FOLLOWING:
        conditions.append(_FOLLOWED)
    conditions.append(rules_condition(rules, parameters))
    if page.after is not None:
        conditions.append(_bound(rules.sort, page.after, sql.SQL("<"), parameters))
    if page.before is not None:
        conditions.append(_bound(rules.sort, page.before, sql.SQL(">"), parameters))
    name, direction = _BACKWARD if page.backward else _FORWARD
    query = _QUERY.format(
        name=name,
        score=order.score,
        conditions=sql.SQL(" AND ").join(conditions),
        order=sql.SQL(", ").join(direction.format(expression) for expression in order.expressions),
    )
    return FeedStatement(name.as_string(), query, parameters.values)


def _bound(sort: FeedSort, key: SortKey, side: sql.SQL, parameters: Parameters) -> sql.Composable:
    """The row comparison with a sort key; ValueError when the key belongs to another sort."""
    if len(key) != (2 if sort is FeedSort.RECENT else 3):
        raise ValueError(f"This is not a sort key of a feed sorted by {sort}: {key}")
    *score, created_at, id_ = key
    values: list[sql.Composable] = [sql.SQL("{}::bigint").format(parameters.add(value)) for value in score]
    if sort is FeedSort.ENGAGEMENT:
        values.insert(0, sql.SQL("{}::smallint").format(parameters.add(_bucket(score[0]))))
    values.append(sql.SQL("{}::timestamptz").format(parameters.add(created_at)))
    values.append(sql.SQL("{}::bigint").format(parameters.add(id_)))
    comma = sql.SQL(", ")
    return sql.SQL("({}) {} ({})").format(comma.join(_ORDERS[sort].expressions), side, comma.join(values))


def _bucket(engagement: int | datetime) -> int:
    if not isinstance(engagement, int):
        raise TypeError(f"Engagement is a number: {engagement}")
    return (engagement + 1).bit_length() - 1
