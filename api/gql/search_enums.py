"""The enums of search and discovery, described for API users."""

from enum import StrEnum

from api.gql.described import described


class PostSearchSort(StrEnum):
    """How what a search finds is ordered."""

    RELEVANCE = "relevance"
    RECENT = "recent"


class TagPostSort(StrEnum):
    """How the posts under a tag are ordered."""

    RECENT = "recent"
    POPULAR = "popular"
    ENGAGEMENT = "engagement"


class TrendingWindow(StrEnum):
    """A span of time up to now."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"

    @property
    def hours(self) -> int:
        return {"hour": 1, "day": 24, "week": 168}[self.value]


_ROUNDS = "Of 300 at a time, the newest 300 first; `last` and `before` stay within 300."

described(
    PostSearchSort,
    "The order of the posts that a search finds.",
    RELEVANCE="The best match first: words in the title count for more, and several that are close together. "
    f"{_ROUNDS}",
    RECENT="The newest first.",
)
described(
    TagPostSort,
    "The order of the posts under a tag.",
    RECENT="The newest first.",
    POPULAR=f"The post with the most likes first. {_ROUNDS}",
    ENGAGEMENT=f"The post with the most likes, comments and reposts together first. {_ROUNDS}",
)
described(
    TrendingWindow,
    "A span of time up to now.",
    HOUR="One hour.",
    DAY="24 hours.",
    WEEK="Seven days.",
)
