"""Filters on other feeds, and what these stand for once the rules of those feeds are known.

Of another feed its filters and its scope count, about the same reader; its order, limits and pinned posts do not. It
may not name feeds itself.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Annotated, NamedTuple

from pydantic import Field

from db.documents.feed_filters import FeedFilter, OtherFeedFilter
from db.documents.feed_rules import FeedRules

NO_FEED = 0
"""In place of the id of a feed that is hidden from who reads the rules."""


class InnerFeed(NamedTuple):
    """A feed that rules name, which the reader may open."""

    rules: FeedRules
    version: int


class OpenedFilter(OtherFeedFilter):
    """With the rules of the other feed; None: it is not there for the reader, or names feeds itself.

    Without rules, no post satisfies it. What is stored of it is its id.
    """

    rules: Annotated[FeedRules | None, Field(exclude=True)] = None
    version: Annotated[int, Field(exclude=True)] = 0
    is_nested: Annotated[bool, Field(exclude=True)] = False


def with_inner_rules(rules: FeedRules, found: Mapping[int, InnerFeed]) -> FeedRules:
    """The same rules with those of the feeds that they name. What is not among these is not there."""
    if not rules.other_feeds:
        return rules
    groups = tuple(
        group.model_copy(update={"filters": tuple(_opened(one, found) for one in group.filters)})
        for group in rules.groups
    )
    return rules.model_copy(update={"groups": groups})


def _opened(one: FeedFilter, found: Mapping[int, InnerFeed]) -> FeedFilter:
    if not isinstance(one, OtherFeedFilter):
        return one
    inner = found.get(one.feed_id)
    if inner is None:
        return OpenedFilter(feed_id=one.feed_id)
    is_nested = bool(inner.rules.other_feeds)
    rules = None if is_nested else inner.rules
    return OpenedFilter(feed_id=one.feed_id, rules=rules, version=inner.version, is_nested=is_nested)


def inner_rules(one: OtherFeedFilter) -> FeedRules | None:
    """What the other feed asks for; None where no post satisfies that."""
    if not isinstance(one, OpenedFilter):
        raise TypeError("The rules of other feeds are looked up before anything is made of them")
    return one.rules


def inner_filters(one: FeedFilter) -> list[FeedFilter]:
    """The filters of the other feed, if it is a filter on one."""
    inner = inner_rules(one) if isinstance(one, OtherFeedFilter) else None
    return [] if inner is None else [found for group in inner.groups for found in group.filters]


def borrowed_filters(rules: FeedRules) -> list[FeedFilter]:
    """The filters of other feeds, which are asked beside those of the rules."""
    return [found for one in rules.other_feeds for found in inner_filters(one)]


def versions_of(rules: FeedRules) -> str:
    """What binds cursors to the rules of other feeds as they are now; empty without any."""
    versions = [(one.feed_id, one.version) for one in rules.other_feeds if isinstance(one, OpenedFilter)]
    return f".{blake2b(repr(versions).encode(), digest_size=6).hexdigest()}" if versions else ""
