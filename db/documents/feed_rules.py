"""custom_feeds.algorithm_config: how groups are joined, the groups of typed filters, sort and scope."""

from enum import StrEnum
from operator import not_
from typing import Annotated, Self, TypeAlias

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from db.documents.document import Choice, Document, Many
from db.documents.feed_filters import FeedFilter, OtherFeedFilter

FILTERS_PER_FEED = 20
OTHER_FEEDS_PER_FEED = 3


class Join(StrEnum):
    """ALL of nothing matches everything, ANY of nothing nothing."""

    ALL = "ALL"
    ANY = "ANY"


class Match(StrEnum):
    ALL = "ALL"
    ANY = "ANY"
    NONE = "NONE"


class FeedSort(StrEnum):
    RECENT = "RECENT"
    POPULAR = "POPULAR"
    ENGAGEMENT = "ENGAGEMENT"
    SCORE = "SCORE"


class FeedScope(StrEnum):
    """Where a feed looks: at all that it may reach, or only at people whom its reader follows."""

    EVERYONE = "EVERYONE"
    FOLLOWING = "FOLLOWING"


def _not_empty(filters: tuple[FeedFilter, ...]) -> tuple[FeedFilter, ...]:
    # A group without filters would have no rows in feed_filters. This is no min_length, since that complains
    # once more about a group whose only filter is refused.
    if not filters:
        raise ValueError("A group has at least one filter")
    return filters


Weight: TypeAlias = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class ScoreWeights(Document):
    """(1 + like * likes + comment * comments + repost * reposts) * 0.5 ^ (age / half_life_hours)."""

    like: Weight = 1.0
    comment: Weight = 2.0
    repost: Weight = 3.0
    half_life_hours: Annotated[float, Field(ge=1, le=8_760, allow_inf_nan=False)] = 24.0

    @property
    def half_life_seconds(self) -> float:
        return self.half_life_hours * 3_600


class FilterGroup(Document):
    match: Annotated[Match, Choice] = Match.ALL
    filters: Annotated[Many[FeedFilter], Field(max_length=FILTERS_PER_FEED), AfterValidator(_not_empty)]


class FeedRules(Document):
    join: Annotated[Join, Choice] = Join.ALL
    groups: Annotated[Many[FilterGroup], Field(max_length=FILTERS_PER_FEED)] = ()
    sort: Annotated[FeedSort, Choice] = FeedSort.RECENT
    scope: Annotated[FeedScope, Choice] = FeedScope.EVERYONE
    score: ScoreWeights | None = None
    max_per_author_per_day: Annotated[int, Field(ge=1, le=20)] | None = None
    # Left out where it is false: releases that do not know it read all other rules.
    unseen_only: Annotated[bool, Field(exclude_if=not_)] = False

    @property
    def weights(self) -> ScoreWeights | None:
        """What SCORE weighs; None under another sort."""
        return (self.score or ScoreWeights()) if self.sort is FeedSort.SCORE else None

    @field_validator("score")
    @classmethod
    def _weighs_only_scores(cls, score: ScoreWeights | None, info: ValidationInfo) -> ScoreWeights | None:
        if score is not None and info.data.get("sort", FeedSort.SCORE) is not FeedSort.SCORE:
            raise ValueError("Only a feed sorted by SCORE has weights")
        return score

    @model_validator(mode="after")
    def _has_few_filters(self) -> Self:
        if sum(len(group.filters) for group in self.groups) > FILTERS_PER_FEED:
            raise ValueError(f"A feed has at most {FILTERS_PER_FEED} filters")
        # By their kind, which those of documents have too.
        if sum(one.kind == "feed" for group in self.groups for one in group.filters) > OTHER_FEEDS_PER_FEED:
            raise ValueError(f"A feed has at most {OTHER_FEEDS_PER_FEED} filters on other feeds")
        return self

    @property
    def other_feeds(self) -> list[OtherFeedFilter]:
        """The filters on other feeds, in order."""
        return [one for group in self.groups for one in group.filters if isinstance(one, OtherFeedFilter)]
