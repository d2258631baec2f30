"""What an index gives that holds all the posts which rules can match, and perhaps others.

A condition about `found`, a row of app.post_search: its words, marks and texts are in one index. The rules themselves
are evaluated once more.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from psycopg import sql

from db.documents.feed_filters import (
    AuthorFilter,
    DateRangeFilter,
    EngagementFilter,
    FeedFilter,
    LanguageFilter,
    OtherFeedFilter,
    PostTypeFilter,
    Relation,
    TagFilter,
    TextFilter,
    TextPlace,
)
from db.documents.feed_rules import FeedRules, FeedScope, FilterGroup, Join, Match
from db.feeds.conditions import array_literal, date_bounds
from db.feeds.other_feeds import inner_rules
from db.feeds.parameters import Parameters
from db.feeds.texts import pattern_of
from db.feeds.tiers import LEAST_BUSY

_MARK = sql.SQL("found.document @@ {}::tsquery")
_TEXT = sql.SQL("found.texts ILIKE {}")
INDEXED_PLACES = {TextPlace.TITLE, TextPlace.TEXT, TextPlace.TAGS}
_TRIGRAM = re.compile(r"[^\W_]{3}")

# Whom the viewer may not see is looked for nowhere: where a page stops, and how long it takes, would give them away.
_AUTHORS = sql.SQL(
    "found.document @@ (SELECT string_agg('''author ' || author.user_id || '''', ' | ')::tsquery "
    "FROM app.visible_profiles(%(viewer)s::bigint) AS author WHERE author.user_id = ANY({}::bigint[]))"
)
_USERS = sql.SQL(
    "SELECT author.user_id FROM app.visible_profiles(%(viewer)s::bigint) AS author "
    "WHERE author.user_id = ANY({}::bigint[])"
)
_LIST_MEMBERS = sql.SQL(
    "SELECT member.user_id FROM public.list_members AS member "
    "INNER JOIN app.visible_lists(%(viewer)s::bigint) AS list ON list.id = member.list_id WHERE list.id = {}::bigint"
)
_OF_SHOWN_CIRCLE = sql.SQL(
    "SELECT chosen.user_id FROM ({}) AS chosen WHERE EXISTS ("
    "SELECT FROM app.visible_circles(%(viewer)s::bigint) AS circle WHERE circle.user_id = %(me)s::bigint)"
)
# As many as somebody chose. Followers are none of these: anybody may be one.
_CHOSEN: dict[Relation, sql.SQL] = {
    Relation.ME: sql.SQL("SELECT %(me)s::bigint AS user_id"),
    Relation.FOLLOWING: sql.SQL(
        "SELECT following_id AS user_id FROM public.user_follows WHERE follower_id = %(me)s::bigint"
    ),
    Relation.FRIENDS: sql.SQL(
        "SELECT user_id_2 AS user_id FROM public.friendships WHERE user_id_1 = %(me)s::bigint "
        "UNION ALL SELECT user_id_1 AS user_id FROM public.friendships WHERE user_id_2 = %(me)s::bigint"
    ),
}


class IndexSet(NamedTuple):
    """`narrow`: not only types and languages, which most posts may share.

    `named`: by tags or texts, and not by people, whose posts have an index of their own. `kinds`: what is looked for.
    """

    condition: sql.Composable
    narrow: bool
    named: bool
    kinds: frozenset[str]


_NO_POST = IndexSet(sql.SQL("FALSE"), narrow=True, named=True, kinds=frozenset())


def index_set(rules: FeedRules, parameters: Parameters) -> IndexSet | None:
    """None where the rules also match what has nothing that is in the index."""
    return _joined([_of_group(group, parameters) for group in rules.groups], every=rules.join is Join.ALL)


def _of_group(group: FilterGroup, parameters: Parameters) -> IndexSet | None:
    if group.match is Match.NONE:
        return None
    return _joined([_of_filter(one, parameters) for one in group.filters], every=group.match is Match.ALL)


def _joined(sets: Iterable[IndexSet | None], *, every: bool) -> IndexSet | None:
    """Of what all must hold, any part is enough; of alternatives, all have to be there."""
    sets = list(sets)
    found = [one for one in sets if one is not None]
    if not found or (not every and len(found) < len(sets)):
        return None
    words = sql.SQL(" AND " if every else " OR ")
    condition = sql.SQL("({})").format(words.join(one.condition for one in found))
    holds = any if every else all
    kinds = frozenset[str]().union(*(one.kinds for one in found))
    return IndexSet(condition, holds(one.narrow for one in found), holds(one.named for one in found), kinds)


def _of_filter(one: FeedFilter, parameters: Parameters) -> IndexSet | None:
    if isinstance(one, OtherFeedFilter):
        inner = inner_rules(one)
        return _NO_POST if inner is None else index_set(inner, parameters)
    return _of_own_filter(one, parameters)


def _of_own_filter(one: FeedFilter, parameters: Parameters) -> IndexSet | None:
    match one:
        case TagFilter():
            return _set("tag", _MARK.format(parameters.add(f"'tag {one.tag}'")), narrow=True, named=True)
        case PostTypeFilter():
            return _set("type", _MARK.format(parameters.add(_any("type", sorted(one.post_types)))))
        case LanguageFilter() if not one.or_unknown:
            # A post has marks for its language with and without the region; those of parts of regions are not there.
            languages = dict.fromkeys(tag.lower().partition("-")[0] for tag in one.any_of)
            return _set("language", _MARK.format(parameters.add(_any("language", languages))))
        case AuthorFilter() if one.users:
            return _set("author", _AUTHORS.format(parameters.add(array_literal(one.users))), narrow=True)
        case TextFilter() if is_indexed(one):
            return _set("text", _TEXT.format(parameters.add(pattern_of(one.contains))), narrow=True, named=True)
        case _:
            return None


def _set(kind: str, condition: sql.Composable, *, narrow: bool = False, named: bool = False) -> IndexSet:
    return IndexSet(condition, narrow, named, frozenset({kind}))


def is_indexed(text: TextFilter) -> bool:
    """Whether the index finds this text: it knows three letters or digits in a row, of titles, texts and tags."""
    return INDEXED_PLACES.issuperset(text.places) and _TRIGRAM.search(text.contains) is not None


def is_narrow(rules: FeedRules) -> bool:
    """Whether something else than the newest posts one by one gives what rules can match: the index, people, dates."""
    parameters = Parameters(viewer=None, me=None)
    found = index_set(rules, parameters)
    if (found is not None and found.narrow) or chosen_people(rules, parameters) is not None:
        return True
    since, _ = time_bounds(rules, parameters)
    return bool(since) or least_bucket(rules) is not None


def _any(kind: str, values: Iterable[object]) -> str:
    return " | ".join(f"'{kind} {value}'" for value in values)


def chosen_people(rules: FeedRules, parameters: Parameters) -> sql.Composable | None:
    """A SELECT of `user_id`: who wrote all that the viewer may see of what the rules match; None: it may be anybody."""
    if rules.scope is FeedScope.FOLLOWING:
        return _related(Relation.FOLLOWING, parameters)
    for group in always(rules):
        people = [_people(one, parameters) for one in group.filters]
        found = [one for one in people if one is not None]
        if group.match is Match.ALL and found:
            return found[0]
        if group.match is Match.ANY and len(found) == len(people):
            return sql.SQL(" UNION ALL ").join(found)
    return None


def _people(one: FeedFilter, parameters: Parameters) -> sql.Composable | None:
    if isinstance(one, OtherFeedFilter):
        inner = inner_rules(one)
        return None if inner is None else chosen_people(inner, parameters)
    if not isinstance(one, AuthorFilter):
        return None
    if one.relation is not None:
        return _related(one.relation, parameters)
    if one.list_id is not None:
        return _LIST_MEMBERS.format(parameters.add(one.list_id))
    return _USERS.format(parameters.add(array_literal(one.users)))


def _related(relation: Relation, parameters: Parameters) -> sql.Composable | None:
    chosen = _CHOSEN.get(relation)
    if chosen is None or relation is Relation.ME or parameters.values["me"] == parameters.values["viewer"]:
        return chosen
    return _OF_SHOWN_CIRCLE.format(chosen)


def least_bucket(rules: FeedRules) -> int | None:
    """The lowest bucket of engagement that all that the rules can match is in; None where most posts are there."""
    buckets = [
        (one.at_least + 1).bit_length() - 1
        for one in _required(rules)
        if isinstance(one, EngagementFilter) and one.at_least is not None
    ]
    return max(buckets) if buckets and max(buckets) >= LEAST_BUSY else None


def time_bounds(rules: FeedRules, parameters: Parameters) -> tuple[list[sql.Composable], list[sql.Composable]]:
    """Moments since which, and until which, all that the rules can match was published."""
    since: list[sql.Composable] = []
    until: list[sql.Composable] = []
    for one in _required(rules):
        if isinstance(one, DateRangeFilter):
            lower, upper = date_bounds(one, parameters)
            since += [] if lower is None else [lower]
            until += [] if upper is None else [upper]
    return since, until


def _required(rules: FeedRules) -> Iterator[FeedFilter]:
    """The filters that must hold of whatever the rules match, those of other feeds among them."""
    for group in always(rules):
        for one in group.filters if _has_to_hold(group) else ():
            inner = inner_rules(one) if isinstance(one, OtherFeedFilter) else None
            yield from [one] if inner is None else _required(inner)


def _has_to_hold(group: FilterGroup) -> bool:
    """Whether each filter of a group must hold that must be satisfied."""
    return group.match is Match.ALL or len(group.filters) == 1


def always(rules: FeedRules) -> list[FilterGroup]:
    """The groups that whatever the rules match has to satisfy, other than by lacking something."""
    groups = rules.groups if rules.join is Join.ALL or len(rules.groups) == 1 else ()
    return [group for group in groups if group.match is not Match.NONE]
