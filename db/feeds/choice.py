"""Which scan finds the posts of a feed: it follows from the rules alone, and no estimate decides it."""

from enum import StrEnum
from typing import NamedTuple

from db.documents.feed_filters import AuthorFilter, FeedFilter, OtherFeedFilter
from db.documents.feed_rules import FeedRules, FeedScope, FeedSort, Match
from db.feeds.other_feeds import inner_rules
from db.feeds.parameters import Parameters
from db.feeds.recent import Source
from db.feeds.sets import IndexSet, always, chosen_people, index_set, least_bucket


class Scan(StrEnum):
    """Where all that the rules can match is found."""

    PEOPLE = "author first"
    INDEX = "index"
    ENGAGEMENT = "engagement"
    EVERYTHING = "everything"


class Choice(NamedTuple):
    """`source` has what the scan needs, and nothing else; `kinds`: what an index scan looks for."""

    scan: Scan
    source: Source = Source()
    kinds: frozenset[str] = frozenset()


def choose(rules: FeedRules, parameters: Parameters) -> Choice:
    """The scan of these rules, by time or by score."""
    found = index_set(rules, parameters)
    return _by_time(rules, found, parameters) if rules.sort is FeedSort.RECENT else _by_score(rules, found)


def _by_time(rules: FeedRules, found: IndexSet | None, parameters: Parameters) -> Choice:
    people = None if found is not None and found.named else chosen_people(rules, parameters)
    if people is not None:
        return Choice(Scan.PEOPLE, Source(people=people))
    bucket = least_bucket(rules)
    # Types and languages narrow down less than much engagement does.
    if found is not None and (found.narrow or bucket is None):
        return _of_index(found)
    return Choice(Scan.EVERYTHING) if bucket is None else Choice(Scan.ENGAGEMENT, Source(bucket=bucket))


def _by_score(rules: FeedRules, found: IndexSet | None) -> Choice:
    if _is_by_people(rules):
        return Choice(Scan.PEOPLE)
    return _of_index(found) if found is not None and found.narrow else Choice(Scan.EVERYTHING)


def _of_index(found: IndexSet) -> Choice:
    return Choice(Scan.INDEX, Source(found=found.condition), found.kinds)


def _is_by_people(rules: FeedRules) -> bool:
    """Whether all posts of the feed are by certain people, however many they are."""
    if rules.scope is FeedScope.FOLLOWING:
        return True
    for group in always(rules):
        by_authors = [_is_of_people(one) for one in group.filters]
        if (group.match is Match.ALL and any(by_authors)) or all(by_authors):
            return True
    return False


def _is_of_people(one: FeedFilter) -> bool:
    if isinstance(one, OtherFeedFilter):
        inner = inner_rules(one)
        return inner is not None and _is_by_people(inner)
    return isinstance(one, AuthorFilter)
