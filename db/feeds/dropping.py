"""Which filters are the reason that rules keep none of the latest posts."""

from collections.abc import Iterator

from db.documents.feed_rules import FeedRules, Join, Match
from db.feeds.notices import Notice, NoticeCode, NoticeSeverity, places
from db.feeds.outcomes import FeedCounts

LEAST_CANDIDATES = 100
"""Of fewer posts, what a filter does to them says little."""


def dropping(rules: FeedRules, counts: FeedCounts) -> Iterator[Notice]:
    """A notice on each filter that has to hold and drops nearly all posts by itself, where the rules keep none."""
    if counts.kept or counts.candidates < LEAST_CANDIDATES or (rules.join is Join.ANY and len(rules.groups) > 1):
        return
    for place, held in zip(places(rules), counts.held, strict=True):
        group = rules.groups[place.group]
        if group.match is Match.ANY and len(group.filters) > 1:
            continue
        dropped = held if group.match is Match.NONE else counts.candidates - held
        if dropped * 100 >= counts.candidates * 99:
            yield place.notice(
                NoticeCode.DROPS_ALMOST_ALL,
                NoticeSeverity.WARNING,
                f"It drops {dropped:,} of the latest {counts.candidates:,} posts by itself, and none is left.",
                "Loosen it, or put it into a group with ANY beside others.",
            )
