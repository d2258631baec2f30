"""What each filter of a feed says by itself: of single posts, and of how many of the latest ones.

The conditions are those of the feed's own statement, so that all of them agree.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from psycopg import sql

from db.documents.feed_rules import FeedRules, FilterGroup, Join, Match
from db.feeds.conditions import (
    AUTHOR_NOT_MUTED,
    REACHABLE,
    array_literal,
    feed_condition,
    filter_conditions,
    in_scope,
    rules_condition,
)
from db.feeds.limits import within_author_limit
from db.feeds.mute_words import MutePatterns, muted_word, without_muted_word
from db.feeds.order import sort_key_of
from db.feeds.parameters import Parameters
from db.feeds.pins import not_pinned
from db.feeds.seen import unseen
from db.feeds.statement import FeedStatement

CANDIDATES = 1_000

_OUTCOMES = sql.SQL(
    "/* feed_outcomes */ SELECT post.id, {held}::boolean[] AS held, ({reachable}) IS TRUE AS is_reachable, "
    "({in_scope}) IS TRUE AS is_in_scope, {not_muted} AS is_not_muted, {within_limit} AS is_within_limit, "
    "{unseen} AS is_unseen, {not_pinned} AS is_not_pinned, {muted_word} AS muted_word_id "
    "FROM app.visible_posts(%(viewer)s::bigint) AS post "
    "WHERE post.id = ANY(%(ids)s::bigint[])"
)
_COUNTS = sql.SQL(
    "/* feed_counts */ SELECT count(*) AS candidates, min(post.created_at) AS since, "
    "count(*) FILTER (WHERE {reachable} AND {not_muted} AND {in_scope} AND {rules} AND {no_muted_word} "
    "AND {within_limit} AND {unseen}) AS kept, "
    "{held}::bigint[] AS held, "
    "count(*) FILTER (WHERE {reachable}) AS reachable, "
    "count(*) FILTER (WHERE {in_scope}) AS in_scope, "
    "count(*) FILTER (WHERE {not_muted}) AS not_muted, "
    "count(*) FILTER (WHERE {no_muted_word}) AS without_muted_word, "
    "count(*) FILTER (WHERE {within_limit}) AS within_limit, "
    "count(*) FILTER (WHERE {unseen}) AS unseen "
    "FROM (SELECT latest.* FROM app.visible_posts(%(viewer)s::bigint) AS latest "
    "ORDER BY latest.created_at DESC, latest.id DESC LIMIT {most}) AS post"
)


class FeedOutcome(NamedTuple):
    """What a post is to a feed: whether each filter holds, group after group, and each check that all feeds make.

    `muted_word_id` is the word that keeps it out.
    """

    id: int
    held: list[bool]
    is_reachable: bool
    is_in_scope: bool
    is_not_muted: bool
    is_within_limit: bool
    is_unseen: bool
    is_not_pinned: bool
    muted_word_id: int | None

    @property
    def is_for_all_feeds(self) -> bool:
        """Whether nothing but rules, or that it is pinned, can keep the post out of a feed."""
        return self.is_reachable and self.is_not_muted and self.muted_word_id is None


class FeedCounts(NamedTuple):
    """Of the latest posts that the viewer may see: how many the feed has, and for how many each filter holds."""

    candidates: int
    since: datetime | None
    kept: int
    held: list[int]
    reachable: int
    in_scope: int
    not_muted: int
    without_muted_word: int
    within_limit: int
    unseen: int


def compile_outcomes(
    rules: FeedRules,
    ids: Iterable[int],
    *,
    viewer: int | None,
    me: int | None,
    words: MutePatterns | None = None,
    pins_of: int | None = None,
) -> FeedStatement:
    """Gives a FeedOutcome for each of these posts that the viewer may see, in no order."""
    parameters = Parameters(viewer=viewer, me=me, ids=array_literal(ids))
    held = [sql.SQL("({}) IS TRUE").format(one) for one in filter_conditions(rules, parameters)]
    query = _OUTCOMES.format(
        held=_array(held),
        reachable=REACHABLE,
        in_scope=in_scope(rules, parameters),
        not_muted=AUTHOR_NOT_MUTED,
        within_limit=_within_limit(rules, words, pins_of, parameters),
        unseen=unseen(rules, parameters),
        not_pinned=not_pinned(pins_of, parameters),
        muted_word=muted_word(words, parameters),
    )
    return FeedStatement("feed_outcomes", query, parameters.values)


def compile_counts(
    rules: FeedRules, *, viewer: int | None, me: int | None, words: MutePatterns | None = None
) -> FeedStatement:
    """Gives one row of FeedCounts."""
    parameters = Parameters(viewer=viewer, me=me)
    held = [sql.SQL("count(*) FILTER (WHERE {})").format(one) for one in filter_conditions(rules, parameters)]
    query = _COUNTS.format(
        held=_array(held),
        rules=rules_condition(rules, parameters),
        reachable=REACHABLE,
        in_scope=in_scope(rules, parameters),
        not_muted=AUTHOR_NOT_MUTED,
        no_muted_word=without_muted_word(words, parameters),
        within_limit=_within_limit(rules, words, None, parameters),
        unseen=unseen(rules, parameters),
        most=sql.Literal(CANDIDATES),
    )
    return FeedStatement("feed_counts", query, parameters.values)


def _within_limit(
    rules: FeedRules, words: MutePatterns | None, pins_of: int | None, parameters: Parameters
) -> sql.Composable:
    order, holds = sort_key_of(rules, parameters), feed_condition(rules, words, pins_of, parameters)
    return within_author_limit(rules.max_per_author_per_day, order, holds)


def _array(values: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL("ARRAY[{}]").format(sql.SQL(", ").join(values))


def is_satisfied(group: FilterGroup, held: Iterable[bool]) -> bool:
    """Whether a post satisfies a group of whose filters these hold."""
    match group.match:
        case Match.ALL:
            return all(held)
        case Match.ANY:
            return any(held)
        case Match.NONE:
            return not any(held)


def are_satisfied(rules: FeedRules, satisfied: Iterable[bool]) -> bool:
    """Whether a post satisfies the rules of which it satisfies these groups."""
    return all(satisfied) if rules.join is Join.ALL else any(satisfied)
