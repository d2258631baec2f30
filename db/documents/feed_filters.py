"""The filters that a custom feed is built from, one model for each filter type.

Their fields, without `kind`, are what feed_filters.value holds.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from db.documents.document import BIGINT_MAX, Choice, Document, Many, Moment, Storable
from db.documents.languages import NO_LANGUAGE, language_tag
from db.documents.texts import NO_TAG, composed, tag_of
from db.enums import PostType

AUTHORS_PER_FILTER = 100
LANGUAGES_PER_FILTER = 20
TEXT_LENGTH = 100


class PostTypeGroup(StrEnum):
    TEXT = "TEXT"
    IMAGE = "IMAGE"
    VIDEO = "VIDEO"
    SONG = "SONG"


TYPES_OF_GROUP: dict[PostTypeGroup, frozenset[PostType]] = {
    PostTypeGroup.TEXT: frozenset({PostType.TEXT_SHORT, PostType.TEXT_LONG}),
    PostTypeGroup.IMAGE: frozenset({PostType.IMAGE, PostType.IMAGE_GALLERY, PostType.GIF}),
    PostTypeGroup.VIDEO: frozenset({PostType.VIDEO_SHORT, PostType.VIDEO_LONG}),
    PostTypeGroup.SONG: frozenset({PostType.SONG, PostType.ALBUM}),
}


class Relation(StrEnum):
    """People named by what they are to the reader of the feed."""

    ME = "ME"
    FRIENDS = "FRIENDS"
    FOLLOWING = "FOLLOWING"
    FOLLOWERS = "FOLLOWERS"


class Metric(StrEnum):
    LIKES = "likes"
    COMMENTS = "comments"
    REPOSTS = "reposts"
    TOTAL = "total"


class TimeUnit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


# Months and years have one length: a feed asks for "about a month", and must mean the same at any time.
_LENGTH: dict[TimeUnit, timedelta] = {
    TimeUnit.HOUR: timedelta(hours=1),
    TimeUnit.DAY: timedelta(days=1),
    TimeUnit.WEEK: timedelta(days=7),
    TimeUnit.MONTH: timedelta(days=30),
    TimeUnit.YEAR: timedelta(days=365),
}


class Span(Document):
    amount: Annotated[int, Field(ge=1, le=1000)]
    unit: Annotated[TimeUnit, Choice]

    @property
    def length(self) -> timedelta:
        return self.amount * _LENGTH[self.unit]


class PostTypeFilter(Document):
    kind: Literal["post_type"] = "post_type"
    types: Annotated[Many[Annotated[PostType, Choice]], Field(max_length=len(PostType))] = ()
    groups: Annotated[Many[Annotated[PostTypeGroup, Choice]], Field(max_length=len(PostTypeGroup))] = ()

    @model_validator(mode="after")
    def _names_a_type(self) -> Self:
        if not self.types and not self.groups:
            raise ValueError("A post type filter names at least one type or group")
        return self

    @property
    def post_types(self) -> frozenset[PostType]:
        return frozenset(self.types).union(*(TYPES_OF_GROUP[group] for group in self.groups))


class AuthorFilter(Document):
    kind: Literal["author"] = "author"
    users: Annotated[Many[Annotated[int, Field(ge=1, le=BIGINT_MAX)]], Field(max_length=AUTHORS_PER_FILTER)] = ()
    list_id: Annotated[int, Field(ge=1, le=BIGINT_MAX)] | None = None
    relation: Annotated[Relation, Choice] | None = None

    @model_validator(mode="after")
    def _names_authors_in_one_way(self) -> Self:
        if sum((bool(self.users), self.list_id is not None, self.relation is not None)) != 1:
            raise ValueError("An author filter names users, a list or a relation, and only one of the three")
        return self


def _tag(text: str) -> str:
    tag = tag_of(text)
    if tag is None:
        raise ValueError(NO_TAG)
    return tag


class TagFilter(Document):
    kind: Literal["tag"] = "tag"
    tag: Annotated[str, Storable, AfterValidator(_tag)]


class DateRangeFilter(Document):
    """Relative to the moment of reading, or between two moments (included) of which one may be open."""

    kind: Literal["date_range"] = "date_range"
    published_within: Span | None = None
    since: Moment | None = None
    until: Moment | None = None

    @model_validator(mode="after")
    def _names_one_range(self) -> Self:
        between = self.since is not None or self.until is not None
        if between == (self.published_within is not None):
            raise ValueError("A date filter is either relative or between two moments")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError("A date range ends after it begins")
        return self


class EngagementFilter(Document):
    kind: Literal["engagement"] = "engagement"
    metric: Annotated[Metric, Choice]
    at_least: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    at_most: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None

    @model_validator(mode="after")
    def _has_bounds(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("An engagement filter has a bound: at least, at most or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("At least may not be above at most")
        return self


class TextPlace(StrEnum):
    TITLE = "title"
    TEXT = "text"
    ALT_TEXT = "alt_text"
    TAGS = "tags"
    AUTHOR = "author"


# A stored one may be too long when it is composed, and stays as it is.
_ComposedIfShort = BeforeValidator(lambda value: composed(value, TEXT_LENGTH) if isinstance(value, str) else value)


class TextFilter(Document):
    """One of these places contains this text, in any case."""

    kind: Literal["text"] = "text"
    contains: Annotated[str, Field(min_length=1, max_length=TEXT_LENGTH), _ComposedIfShort, Storable]
    whole_word: bool = False
    places: Annotated[Many[Annotated[TextPlace, Choice]], Field(min_length=1, max_length=len(TextPlace))] = (
        TextPlace.TITLE,
        TextPlace.TEXT,
    )


class HasMediaFilter(Document):
    kind: Literal["has_media"] = "has_media"
    has_media: bool


def _language(text: str) -> str:
    language = language_tag(text)
    if language is None:
        raise ValueError(NO_LANGUAGE)
    return language


class LanguageFilter(Document):
    """The post is in one of these languages: `en` is all English, `en-GB` is British English alone."""

    kind: Literal["language"] = "language"
    any_of: Annotated[
        Many[Annotated[str, AfterValidator(_language)]], Field(min_length=1, max_length=LANGUAGES_PER_FILTER)
    ]
    or_unknown: bool = False


class HasLinkFilter(Document):
    """The text has an address of the web, or has none."""

    kind: Literal["has_link"] = "has_link"
    has_link: bool


class AltTextFilter(Document):
    """All pictures have an alternative text, or at least one has none. Without pictures the first is true."""

    kind: Literal["alt_text"] = "alt_text"
    with_alt_text: bool


class OtherFeedFilter(Document):
    """Another feed lets the post through: its filters and its scope, and nothing else of it."""

    kind: Literal["feed"] = "feed"
    feed_id: Annotated[int, Field(ge=1, le=BIGINT_MAX)]


FeedFilter: TypeAlias = Annotated[
    PostTypeFilter
    | AuthorFilter
    | TagFilter
    | DateRangeFilter
    | EngagementFilter
    | TextFilter
    | HasMediaFilter
    | LanguageFilter
    | HasLinkFilter
    | AltTextFilter
    | OtherFeedFilter,
    Field(discriminator="kind"),
]
