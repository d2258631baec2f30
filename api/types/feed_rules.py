"""The rules of a feed as clients read them. The sources are the documents of db/documents/feed_rules.py."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import strawberry

from api.context import Info
from api.execution.columns import computed, relation
from api.gql import ids
from api.gql.enums import PostType
from api.gql.feed_enums import (
    AuthorRelation,
    EngagementMetric,
    FeedFilterKind,
    FeedGroupMatch,
    FeedJoin,
    FeedScope,
    FeedSort,
    PostTypeGroup,
    TextField,
    TimeUnit,
)
from api.gql.scalars import LanguageTag
from db.documents import feed_filters as documents
from db.documents import feed_rules as rules_documents
from db.documents.feed_filters import (
    AltTextFilter,
    DateRangeFilter,
    HasLinkFilter,
    HasMediaFilter,
    OtherFeedFilter,
    TagFilter,
)
from db.documents.feed_summaries import summary
from db.queries.feeds import FeedRow

if TYPE_CHECKING:
    from api.types.feeds import Feed

FilterT = TypeVar("FilterT")
LazyFeed = Annotated["Feed", strawberry.lazy("api.types.feeds")]

_KINDS = {
    "post_type": FeedFilterKind.POST_TYPE,
    "author": FeedFilterKind.AUTHOR,
    "tag": FeedFilterKind.TAG,
    "engagement": FeedFilterKind.ENGAGEMENT,
    "text": FeedFilterKind.TEXT,
    "has_media": FeedFilterKind.HAS_MEDIA,
    "language": FeedFilterKind.LANGUAGE,
    "has_link": FeedFilterKind.HAS_LINK,
    "alt_text": FeedFilterKind.WITH_ALT_TEXT,
    "feed": FeedFilterKind.FEED,
}


@strawberry.type(description="Post types: a post is of one of them.")
class PostTypeFilter:
    types: list[PostType] = strawberry.field(description="Single types.")
    groups: list[PostTypeGroup] = strawberry.field(description="Groups of types.")


@strawberry.type(description="Authors: one of `userIds`, `listId` and `relation` is set.")
class AuthorFilter:
    relation: AuthorRelation | None = strawberry.field(description="People by their relation to the reader.")

    @computed(graphql_type=list[strawberry.ID] | None, description="The ids of these people.")
    @staticmethod
    def user_ids(filters: Sequence[documents.AuthorFilter], _info: Info) -> Sequence[list[strawberry.ID] | None]:
        return [ids.encode_all("User", one.users) or None for one in filters]

    @computed(graphql_type=strawberry.ID | None, description="The id of the list whose members these people are.")
    @staticmethod
    def list_id(filters: Sequence[documents.AuthorFilter], _info: Info) -> Sequence[strawberry.ID | None]:
        return [None if one.list_id is None else ids.encode("UserList", one.list_id) for one in filters]


@strawberry.type(description="A span of time.")
class TimeSpan:
    amount: int = strawberry.field(description="How many units: 1 to 1,000.")
    unit: TimeUnit = strawberry.field(description="The unit.")


@strawberry.type(description="A range of time.")
class TimeRange:
    since: datetime | None = strawberry.field(description="The first moment that belongs to it; null when open.")
    until: datetime | None = strawberry.field(description="The last moment that belongs to it; null when open.")


@strawberry.type(description="A bound on engagement: one of `atLeast` and `atMost` is set.")
class EngagementFilter:
    metric: EngagementMetric = strawberry.field(description="What to count.")
    at_least: int | None = strawberry.field(description="The smallest count that satisfies it; null when unbounded.")
    at_most: int | None = strawberry.field(description="The largest count that satisfies it; null when unbounded.")


@strawberry.type(description="A text to look for, in any mix of upper and lower case.")
class TextFilter:
    contains: str = strawberry.field(description="The text, 1 to 100 characters.")
    whole_word: bool = strawberry.field(description="Whether it must begin and end at the edge of a word.")
    places: list[TextField] = strawberry.field(name="in", description="Where to look; at least one place.")


@strawberry.type(description="Languages; at least one.")
class LanguageFilter:
    any_of: list[LanguageTag] = strawberry.field(
        description="The languages: `en` is English of every region, `en-GB` British English alone."
    )
    or_unknown: bool = strawberry.field(description="Whether posts whose language is not known satisfy it, too.")


def _only(filters: Sequence[object], kind: type[FilterT]) -> Sequence[FilterT | None]:
    """The filters of this kind, None in place of the others."""
    return [one if isinstance(one, kind) else None for one in filters]


@strawberry.type(
    description="One filter: exactly one of the fields below `summary` is set, and `feed` beside `feedId`; none, where "
    "another feed that it is about is hidden from the viewer."
)
class FeedFilter:
    @computed(graphql_type=FeedFilterKind, description="Which field is set.")
    @staticmethod
    def kind(filters: Sequence[documents.FeedFilter], _info: Info) -> Sequence[FeedFilterKind]:
        return [_kind(one) for one in filters]

    @computed(
        graphql_type=str,
        description="The filter in English, such as `tag is jazz`. Apps in other languages build their own text from "
        "the fields.",
    )
    @staticmethod
    def summary(filters: Sequence[documents.FeedFilter], _info: Info) -> list[str]:
        return [summary(one) for one in filters]

    @computed(graphql_type=PostTypeFilter | None, description="The post is of one of these types.")
    @staticmethod
    def post_type(filters: Sequence[documents.FeedFilter], _info: Info) -> Sequence[documents.PostTypeFilter | None]:
        return _only(filters, documents.PostTypeFilter)

    @computed(graphql_type=AuthorFilter | None, description="The post is by one of these people.")
    @staticmethod
    def author(filters: Sequence[documents.FeedFilter], _info: Info) -> Sequence[documents.AuthorFilter | None]:
        return _only(filters, documents.AuthorFilter)

    @computed(graphql_type=str | None, description="The post has this tag; in lower case without `#`.")
    @staticmethod
    def tag(filters: Sequence[documents.FeedFilter], _info: Info) -> Sequence[str | None]:
        return [one and one.tag for one in _only(filters, TagFilter)]

    @computed(graphql_type=TimeSpan | None, description="The post was published within this span up to now.")
    @staticmethod
    def published_within(filters: Sequence[documents.FeedFilter], _info: Info) -> Sequence[documents.Span | None]:
        return [one and one.published_within for one in _only(filters, DateRangeFilter)]

    @computed(graphql_type=TimeRange | None, description="The post was published between two moments.")
    @staticmethod
    def published_between(filters: Sequence[documents.FeedFilter], _info: Info) -> Sequence[DateRangeFilter | None]:
        ranges = _only(filters, DateRangeFilter)
        return [None if one is None or one.published_within is not None else one for one in ranges]

    @computed(
        graphql_type=EngagementFilter | None, description="The post has at least or at most this much engagement."
    )
    @staticmethod
    def engagement(filters: Sequence[documents.FeedFilter], _info: Info) -> Sequence[documents.EngagementFilter | None]:
        return _only(filters, documents.EngagementFilter)

    @computed(graphql_type=TextFilter | None, description="The post contains this text.")
    @staticmethod
    def text(filters: Sequence[documents.FeedFilter], _info: Info) -> Sequence[documents.TextFilter | None]:
        return _only(filters, documents.TextFilter)

    @computed(graphql_type=bool | None, description="The post has files (true) or none (false).")
    @staticmethod
    def has_media(filters: Sequence[documents.FeedFilter], _info: Info) -> Sequence[bool | None]:
        return [None if one is None else one.has_media for one in _only(filters, HasMediaFilter)]

    @computed(graphql_type=LanguageFilter | None, description="The post is in one of these languages.")
    @staticmethod
    def language(filters: Sequence[documents.FeedFilter], _info: Info) -> Sequence[documents.LanguageFilter | None]:
        return _only(filters, documents.LanguageFilter)

    @computed(graphql_type=bool | None, description="The text has a web address (true) or none (false).")
    @staticmethod
    def has_link(filters: Sequence[documents.FeedFilter], _info: Info) -> Sequence[bool | None]:
        return [None if one is None else one.has_link for one in _only(filters, HasLinkFilter)]

    @computed(
        graphql_type=bool | None,
        description="All pictures have an alternative text (true), or at least one has none (false).",
    )
    @staticmethod
    def with_alt_text(filters: Sequence[documents.FeedFilter], _info: Info) -> Sequence[bool | None]:
        return [None if one is None else one.with_alt_text for one in _only(filters, AltTextFilter)]

    @computed(
        graphql_type=strawberry.ID | None,
        description="The id of another feed that lets the post through. In the feeds of others, null where the viewer "
        "may not open it.",
    )
    @staticmethod
    def feed_id(filters: Sequence[documents.FeedFilter], _info: Info) -> Sequence[strawberry.ID | None]:
        named = _only(filters, OtherFeedFilter)
        return [ids.encode("Feed", one.feed_id) if one and one.feed_id else None for one in named]

    @relation(
        graphql_type=LazyFeed | None,
        description="The feed of `feedId`; null when it is gone, or the viewer may not open it.",
    )
    @staticmethod
    def feed(filters: Sequence[documents.FeedFilter], info: Info) -> Awaitable[Sequence[FeedRow | None]]:
        named = [one and one.feed_id for one in _only(filters, OtherFeedFilter)]
        return info.context.loaders.feed_by_id.column([key or None for key in named])


def _kind(one: documents.FeedFilter) -> FeedFilterKind:
    if isinstance(one, DateRangeFilter):
        relative = one.published_within is not None
        return FeedFilterKind.PUBLISHED_WITHIN if relative else FeedFilterKind.PUBLISHED_BETWEEN
    return _KINDS[one.kind]


@strawberry.type(description="Filters that belong together.")
class FeedGroup:
    match: FeedGroupMatch = strawberry.field(description="How they are combined.")
    filters: list[FeedFilter] = strawberry.field(description="The filters; at least 1.")


@strawberry.type(description="The weights of a score, in the shape of `ScoreWeightsInput`.")
class ScoreWeights:
    like: float = strawberry.field(description="The weight of a like.")
    comment: float = strawberry.field(description="The weight of a comment.")
    repost: float = strawberry.field(description="The weight of a repost.")
    half_life_hours: float = strawberry.field(description="After how many hours a score has halved.")


@strawberry.type(description="The rules of a feed.")
class FeedRules:
    join: FeedJoin = strawberry.field(description="How the groups are combined.")
    groups: list[FeedGroup] = strawberry.field(description="The groups; at most 20, with 20 filters in all.")
    sort: FeedSort = strawberry.field(description="The order.")
    scope: FeedScope = strawberry.field(description="Where to look.")
    max_per_author_per_day: int | None = strawberry.field(
        description="The most posts by one author of one day (UTC); null for no limit."
    )
    unseen_only: bool = strawberry.field(
        description="Whether posts are left out that whoever reads it had seen when the first page was opened."
    )

    @computed(graphql_type=ScoreWeights | None, description="The weights of SCORE; null with another `sort`.")
    @staticmethod
    def score(rules: Sequence[rules_documents.FeedRules], _info: Info) -> list[rules_documents.ScoreWeights | None]:
        return [one.weights for one in rules]
