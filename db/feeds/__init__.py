"""Custom feeds: from the rules that people build to the statements that run, count and explain them."""

from db.feeds.mute_words import MutePatterns
from db.feeds.outcomes import (
    CANDIDATES,
    FeedCounts,
    FeedOutcome,
    are_satisfied,
    compile_counts,
    compile_outcomes,
    is_satisfied,
)
from db.feeds.rows import FilterRow, filter_rows, rules_from_rows
from db.feeds.statement import FeedPage, FeedPost, FeedStatement, compile_feed
from db.feeds.tiers import BOUNDS, Bounds

__all__ = [
    "BOUNDS",
    "CANDIDATES",
    "Bounds",
    "FeedCounts",
    "FeedOutcome",
    "FeedPage",
    "FeedPost",
    "FeedStatement",
    "FilterRow",
    "MutePatterns",
    "are_satisfied",
    "compile_counts",
    "compile_feed",
    "compile_outcomes",
    "filter_rows",
    "is_satisfied",
    "rules_from_rows",
]
