"""Custom feeds: from the rules that people build to one statement that runs them."""

from db.feeds.rows import FilterRow, filter_rows, rules_from_rows
from db.feeds.statement import FeedPage, FeedPost, FeedStatement, compile_feed

__all__ = [
    "FeedPage",
    "FeedPost",
    "FeedStatement",
    "FilterRow",
    "compile_feed",
    "filter_rows",
    "rules_from_rows",
]
