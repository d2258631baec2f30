"""What each filter says about a post, in SQL: fixed pieces and parameters, never a client's text.

Every condition is about `post`, a row of public.posts. It may be NULL where a column or the reader is: WHERE
and OR take that for false, and NONE is written so that it does too.
"""

from collections.abc import Iterable
from typing import assert_never

from psycopg import sql

from db.documents.feed_filters import (
    AltTextFilter,
    AuthorFilter,
    DateRangeFilter,
    EngagementFilter,
    FeedFilter,
    HasLinkFilter,
    HasMediaFilter,
    LanguageFilter,
    Metric,
    OtherFeedFilter,
    PostTypeFilter,
    Relation,
    TagFilter,
    TextFilter,
)
from db.documents.feed_rules import FeedRules, FeedScope, FilterGroup, Join, Match
from db.feeds.mute_words import MutePatterns, without_muted_word
from db.feeds.other_feeds import inner_rules
from db.feeds.parameters import Parameters
from db.feeds.pins import not_pinned
from db.feeds.texts import text_condition

ENGAGEMENT = sql.SQL("(post.likes_count::bigint + post.comments_count + post.reposts_count)")

# Feeds only reach public content and content of people whom the viewer follows, and never the muted, be it people or
# words. Of people whom the viewer does not follow, they reach nothing where these do not want it. That is asked before
# follows, which most posts then need not know; OFFSET keeps the planner from reading all who do not.
REACHABLE = sql.SQL(
    "(post.visibility = 'public' AND (post.user_id = %(viewer)s::bigint OR NOT EXISTS ("
    "SELECT FROM app.feed_opt_outs AS opt_out WHERE opt_out.user_id = post.user_id OFFSET 0)) "
    "OR post.user_id IN ("
    "SELECT following_id FROM public.user_follows WHERE follower_id = %(viewer)s::bigint))"
)
# The same of a person: without it, nothing that they wrote is in a feed.
PERSON_REACHABLE = sql.SQL(
    "(person.user_id = %(viewer)s::bigint OR NOT EXISTS ("
    "SELECT FROM app.feed_opt_outs AS opt_out WHERE opt_out.user_id = person.user_id OFFSET 0) "
    "OR person.user_id IN ("
    "SELECT following_id FROM public.user_follows WHERE follower_id = %(viewer)s::bigint))"
)
AUTHOR_NOT_MUTED = sql.SQL(
    "NOT EXISTS (SELECT FROM app.user_mutes AS mute "
    "WHERE mute.muter_id = %(viewer)s::bigint AND mute.muted_id = post.user_id)"
)

_METRICS: dict[Metric, sql.Composable] = {
    Metric.LIKES: sql.SQL("post.likes_count"),
    Metric.COMMENTS: sql.SQL("post.comments_count"),
    Metric.REPOSTS: sql.SQL("post.reposts_count"),
    Metric.TOTAL: ENGAGEMENT,
}

_RELATIONS: dict[Relation, sql.SQL] = {
    Relation.ME: sql.SQL("post.user_id = %(me)s::bigint"),
    Relation.FOLLOWING: sql.SQL(
        "post.user_id IN (SELECT following_id FROM public.user_follows WHERE follower_id = %(me)s::bigint)"
    ),
    Relation.FOLLOWERS: sql.SQL(
        "post.user_id IN (SELECT follower_id FROM public.user_follows WHERE following_id = %(me)s::bigint)"
    ),
    Relation.FRIENDS: sql.SQL(
        "post.user_id IN ("
        "SELECT user_id_2 FROM public.friendships WHERE user_id_1 = %(me)s::bigint "
        "UNION ALL "
        "SELECT user_id_1 FROM public.friendships WHERE user_id_2 = %(me)s::bigint)"
    ),
}

# Read in somebody else's profile, a feed must not tell whom its owner knows where the owner hides that.
_SHOWN = sql.SQL(
    "({relation} AND EXISTS ("
    "SELECT FROM app.visible_circles(%(viewer)s::bigint) AS circle WHERE circle.user_id = %(me)s::bigint))"
)

# A list counts only while the viewer may see it: no feed tells who is on another one.
_LIST = sql.SQL(
    "post.user_id IN ("
    "SELECT member.user_id FROM public.list_members AS member "
    "INNER JOIN app.visible_lists(%(viewer)s::bigint) AS list ON list.id = member.list_id "
    "WHERE list.id = {list_id}::bigint)"
)

_HAS_MEDIA = sql.SQL("EXISTS (SELECT FROM public.post_media AS media WHERE media.post_id = post.id)")

_HAS_LINK = sql.SQL("post.content ~* 'https?://[^[:space:]]'")
_LACKS_ALT_TEXT = sql.SQL(
    "EXISTS (SELECT FROM public.post_media AS media "
    "WHERE media.post_id = post.id AND media.type IN ('image', 'gif') AND coalesce(media.alt_text, '') = '')"
)

_EVERYTHING = sql.SQL("TRUE")
_NOTHING = sql.SQL("FALSE")


def array_literal(values: Iterable[object]) -> str:
    """An array of numbers or enum values as Postgres reads it: far cheaper to send than a list."""
    return "{" + ",".join(map(str, values)) + "}"


def feed_condition(
    rules: FeedRules, words: MutePatterns | None, pins_of: int | None, parameters: Parameters
) -> sql.Composable:
    """That the feed contains the post, as far as that is a matter of the post alone."""
    conditions = [REACHABLE, AUTHOR_NOT_MUTED, in_scope(rules, parameters), rules_condition(rules, parameters)]
    if pins_of is not None:
        conditions.append(not_pinned(pins_of, parameters))
    if words is not None:  # last: of what the rules keep, all texts are read
        conditions.append(without_muted_word(words, parameters))
    return sql.SQL(" AND ").join(conditions)


def in_scope(rules: FeedRules, parameters: Parameters) -> sql.Composable:
    return relation_condition(Relation.FOLLOWING, parameters) if rules.scope is FeedScope.FOLLOWING else _EVERYTHING


def filter_conditions(rules: FeedRules, parameters: Parameters) -> list[sql.Composable]:
    """What each filter says by itself, group after group."""
    return [_condition(one, parameters) for group in rules.groups for one in group.filters]


def rules_condition(rules: FeedRules, parameters: Parameters) -> sql.Composable:
    """What the groups together say. ALL of no groups is everything, ANY of no groups nothing."""
    groups = [_group(group, parameters) for group in rules.groups]
    match rules.join:
        case Join.ALL:
            return _joined(groups, " AND ") if groups else _EVERYTHING
        case Join.ANY:
            return _joined(groups, " OR ") if groups else _NOTHING


def _group(group: FilterGroup, parameters: Parameters) -> sql.Composable:
    conditions = [_condition(one, parameters) for one in group.filters]
    match group.match:
        case Match.ALL:
            return _joined(conditions, " AND ")
        case Match.ANY:
            return _joined(conditions, " OR ")
        case Match.NONE:
            return sql.SQL("{} IS NOT TRUE").format(_joined(conditions, " OR "))


def _joined(conditions: Iterable[sql.Composable], word: str) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(word).join(conditions))  # pyright: ignore[reportArgumentType]


def _condition(one: FeedFilter, parameters: Parameters) -> sql.Composable:
    match one:
        case PostTypeFilter():
            types = parameters.add(array_literal(sorted(one.post_types)))
            condition = sql.SQL("post.type = ANY({}::public.post_type[])").format(types)
        case AuthorFilter():
            condition = _author(one, parameters)
        case TagFilter():
            condition = sql.SQL("post.tags @> ARRAY[{}::text]").format(parameters.add(one.tag))
        case DateRangeFilter():
            condition = _date_range(one, parameters)
        case EngagementFilter():
            condition = _engagement(one, parameters)
        case TextFilter():
            condition = text_condition(one, parameters)
        case LanguageFilter():
            condition = _language(one, parameters)
        case HasMediaFilter() | HasLinkFilter() | AltTextFilter():
            condition = _either(one)
        case OtherFeedFilter():
            condition = _other_feed(one, parameters)
        case _:
            assert_never(one)
    return condition


def _other_feed(one: OtherFeedFilter, parameters: Parameters) -> sql.Composable:
    """What the other feed lets through: for the same viewer and the same `me`."""
    inner = inner_rules(one)
    if inner is None:
        return _NOTHING
    return _joined([in_scope(inner, parameters), rules_condition(inner, parameters)], " AND ")


def _author(one: AuthorFilter, parameters: Parameters) -> sql.Composable:
    if one.relation is not None:
        return relation_condition(one.relation, parameters)
    if one.list_id is not None:
        return _LIST.format(list_id=parameters.add(one.list_id))
    return sql.SQL("post.user_id = ANY({}::bigint[])").format(parameters.add(array_literal(one.users)))


def relation_condition(relation: Relation, parameters: Parameters) -> sql.Composable:
    """That the post is by somebody who is this to `me`, as far as the viewer may know."""
    condition = _RELATIONS[relation]
    if relation is Relation.ME or parameters.values["me"] == parameters.values["viewer"]:
        return condition
    return _SHOWN.format(relation=condition)


def date_bounds(one: DateRangeFilter, parameters: Parameters) -> tuple[sql.Composable | None, sql.Composable | None]:
    """Since and until when, both included; None without such a bound."""
    if one.published_within is not None:
        return sql.SQL("now() - {}::interval").format(parameters.add(one.published_within.length)), None
    since, until = (
        None if moment is None else sql.SQL("{}::timestamptz").format(parameters.add(moment))
        for moment in (one.since, one.until)
    )
    return since, until


def _date_range(one: DateRangeFilter, parameters: Parameters) -> sql.Composable:
    # created_at is the time that the public sees: publishing sets it.
    since, until = date_bounds(one, parameters)
    bounds = [
        *([] if since is None else [sql.SQL("post.created_at >= {}").format(since)]),
        *([] if until is None else [sql.SQL("post.created_at <= {}").format(until)]),
    ]
    return _joined(bounds, " AND ")


def _engagement(one: EngagementFilter, parameters: Parameters) -> sql.Composable:
    metric = _METRICS[one.metric]
    bounds: list[sql.Composable] = []
    if one.at_least is not None:
        # The bucket follows from the bound, and it has an index.
        bounds.append(
            sql.SQL("{} >= {}::bigint AND post.engagement_bucket >= {}::smallint").format(
                metric, parameters.add(one.at_least), parameters.add((one.at_least + 1).bit_length() - 1)
            )
        )
    if one.at_most is not None:
        bounds.append(sql.SQL("{} <= {}::bigint").format(metric, parameters.add(one.at_most)))
    return _joined(bounds, " AND ")


def _either(one: HasMediaFilter | HasLinkFilter | AltTextFilter) -> sql.Composable:
    match one:
        case HasMediaFilter():
            condition, holds = _HAS_MEDIA, one.has_media
        case HasLinkFilter():
            condition, holds = _HAS_LINK, one.has_link
        case AltTextFilter():
            condition, holds = _LACKS_ALT_TEXT, not one.with_alt_text
    return condition if holds else sql.SQL("({}) IS NOT TRUE").format(condition)


def _language(one: LanguageFilter, parameters: Parameters) -> sql.Composable:
    tags = parameters.add(array_literal(one.any_of))
    regions = parameters.add(array_literal(f"{tag}-%" for tag in one.any_of))
    condition = sql.SQL("(post.language = ANY({}::text[]) OR post.language LIKE ANY({}::text[]))").format(tags, regions)
    return sql.SQL("({} OR post.language IS NULL)").format(condition) if one.or_unknown else condition
