"""What weakens a feed, and what helps: the kinds of notices, and which filter each is about."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from db.documents.feed_filters import FeedFilter
from db.documents.feed_rules import FeedRules


class NoticeCode(StrEnum):
    NEVER_MATCHES = "NEVER_MATCHES"
    CONTRADICTION = "CONTRADICTION"
    REDUNDANT = "REDUNDANT"
    ONLY_EXCLUDES = "ONLY_EXCLUDES"
    AUTHOR_GONE = "AUTHOR_GONE"
    LIST_GONE = "LIST_GONE"
    FEED_GONE = "FEED_GONE"
    FEED_NESTED = "FEED_NESTED"
    TAG_UNUSED = "TAG_UNUSED"
    DROPS_ALMOST_ALL = "DROPS_ALMOST_ALL"
    TOO_MANY_FILTERS = "TOO_MANY_FILTERS"
    COSTLY = "COSTLY"


class NoticeSeverity(StrEnum):
    INFO = "INFO"
    WARNING = "WARNING"
    SERIOUS = "SERIOUS"


class Notice(NamedTuple):
    """`cure` is what helps. The filter is None, and the path empty, where it is about the rules as a whole."""

    code: NoticeCode
    severity: NoticeSeverity
    message: str
    cure: str
    path: tuple[str, ...] = ()
    filter: FeedFilter | None = None


class Place(NamedTuple):
    """Where a filter stands in the rules."""

    group: int
    position: int
    filter: FeedFilter

    def notice(self, code: NoticeCode, severity: NoticeSeverity, message: str, cure: str) -> Notice:
        path = ("groups", str(self.group), "filters", str(self.position))
        return Notice(code, severity, message, cure, path, self.filter)


def places(rules: FeedRules) -> list[Place]:
    """Every filter with its place, in the order of the rules."""
    return [
        Place(number, position, one)
        for number, group in enumerate(rules.groups)
        for position, one in enumerate(group.filters)
    ]


def in_order(notices: Iterable[Notice]) -> list[Notice]:
    """First what concerns the rules as a whole, then filter after filter."""
    return sorted(notices, key=lambda notice: [int(step) for step in notice.path if step.isdigit()])
