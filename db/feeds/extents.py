"""What filters of one kind leave of all posts, as values that can be cut with one another.

Whether filters exclude each other follows from these alone; no post is looked at. What has no extent here is compared
by equality only.
"""

from datetime import datetime
from math import inf
from typing import NamedTuple, TypeAlias

from db.documents.feed_filters import (
    AltTextFilter,
    AuthorFilter,
    DateRangeFilter,
    EngagementFilter,
    FeedFilter,
    HasLinkFilter,
    HasMediaFilter,
    LanguageFilter,
    OtherFeedFilter,
    PostTypeFilter,
)
from db.feeds.other_feeds import NO_FEED


class Interval(NamedTuple):
    """From `low` to `high`, both included."""

    low: float
    high: float


class Languages(NamedTuple):
    tags: frozenset[str]
    unknown: bool


Extent: TypeAlias = frozenset[object] | Interval | Languages


def extent(one: FeedFilter, now: datetime) -> tuple[str, Extent] | None:
    """What is cut with what, and what this filter leaves of it; None where only equality says anything."""
    kind: str = one.kind
    left: Extent | None
    match one:
        case PostTypeFilter():
            left = frozenset(one.post_types)
        case AuthorFilter():
            left = frozenset(one.users) or None
        case DateRangeFilter():
            left = _times(one, now)
        case EngagementFilter():
            kind = f"{kind}.{one.metric}"
            left = Interval(one.at_least or 0, inf if one.at_most is None else one.at_most)
        case HasMediaFilter(has_media=value) | HasLinkFilter(has_link=value) | AltTextFilter(with_alt_text=value):
            left = frozenset((value,))
        case LanguageFilter():
            left = Languages(frozenset(one.any_of), one.or_unknown)
        case _:
            left = None
    return None if left is None else (kind, left)


def is_hidden(one: FeedFilter) -> bool:
    """Whether all that a filter named is hidden from the reader: nothing is known of it, nor what equals it."""
    if isinstance(one, OtherFeedFilter):
        return one.feed_id == NO_FEED
    return isinstance(one, AuthorFilter) and not one.users and one.list_id is None and one.relation is None


def cut(one: Extent, other: Extent) -> Extent | None:
    """What both leave; None where that is nothing."""
    if isinstance(one, Interval) and isinstance(other, Interval):
        both = Interval(max(one.low, other.low), min(one.high, other.high))
        return both if both.low <= both.high else None
    if isinstance(one, Languages) and isinstance(other, Languages):
        tags = frozenset(max(a, b, key=len) for a in one.tags for b in other.tags if _include(a, b) or _include(b, a))
        unknown = one.unknown and other.unknown
        return Languages(tags, unknown) if tags or unknown else None
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return one & other or None
    raise TypeError(f"{one} and {other} are of different kinds")


def _times(one: DateRangeFilter, now: datetime) -> Interval:
    if one.published_within is not None:
        return Interval((now - one.published_within.length).timestamp(), inf)
    return Interval(
        -inf if one.since is None else one.since.timestamp(), inf if one.until is None else one.until.timestamp()
    )


def _include(one: str, other: str) -> bool:
    """`en` is English of every region."""
    return other == one or other.startswith(f"{one}-")
