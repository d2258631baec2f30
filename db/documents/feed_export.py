"""A feed as a document for another server: people, lists and other feeds have their names in it, and no ids.

What a feed is made of otherwise stands in it as it is stored, so that a new kind of filter needs nothing here.
"""

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias, Union, get_args

from pydantic import AfterValidator, BaseModel, Field, model_validator

from db.documents.document import Choice, Composed, Document, Many, Storable
from db.documents.feed_filters import AUTHORS_PER_FILTER, AuthorFilter, FeedFilter, OtherFeedFilter, Relation
from db.documents.feed_rules import FILTERS_PER_FEED, FeedRules, FilterGroup

NAME_LENGTH = 100
DESCRIPTION_LENGTH = 500

Username: TypeAlias = Annotated[str, Field(min_length=1, max_length=50), Storable]


class ListName(Document):
    """A list of people by its owner and its name."""

    owner: Username
    name: Annotated[str, Field(min_length=1, max_length=NAME_LENGTH), Composed, Storable]


class FeedName(ListName):
    """A feed by its owner and its name."""


class ExportedAuthorFilter(Document):
    """The post is by one of these people. Without any of the three it says nothing: those it named are gone."""

    kind: Literal["author"] = "author"
    users: Annotated[Many[Username], Field(max_length=AUTHORS_PER_FILTER)] = ()
    members_of: ListName | None = None
    relation: Annotated[Relation, Choice] | None = None

    @model_validator(mode="after")
    def _names_authors_in_one_way(self) -> Self:
        if sum((bool(self.users), self.members_of is not None, self.relation is not None)) > 1:
            raise ValueError("An author filter names users, a list or a relation, and only one of the three")
        return self


class ExportedOtherFeedFilter(Document):
    """Another feed lets the post through. Without a feed it says nothing: the one that it named is gone."""

    kind: Literal["feed"] = "feed"
    feed: FeedName | None = None


_exported: dict[type[BaseModel], type[BaseModel]] = {
    AuthorFilter: ExportedAuthorFilter,
    OtherFeedFilter: ExportedOtherFeedFilter,
}
_kinds: tuple[type[BaseModel], ...] = get_args(get_args(FeedFilter)[0])
if TYPE_CHECKING:
    ExportedFilter: TypeAlias = Document
else:
    ExportedFilter = Annotated[
        Union[tuple(_exported.get(kind, kind) for kind in _kinds)],  # noqa: UP007  # not written out
        Field(discriminator="kind"),
    ]


def _not_empty(filters: tuple[object, ...]) -> tuple[object, ...]:
    if not filters:
        raise ValueError("A group has at least one filter")
    return filters


class ExportedGroup(FilterGroup):
    filters: Annotated[  # pyright: ignore[reportIncompatibleVariableOverride]  # frozen, so that nobody assigns another
        Many[ExportedFilter], Field(max_length=FILTERS_PER_FEED), AfterValidator(_not_empty)
    ]


class ExportedRules(FeedRules):
    groups: Annotated[  # pyright: ignore[reportIncompatibleVariableOverride]  # as above
        Many[ExportedGroup], Field(max_length=FILTERS_PER_FEED)
    ] = ()


class ExportedFeed(Document):
    """A feed of VRSS, to be read by `importFeed` of any server."""

    json_schema: Annotated[str, Field(max_length=500), Storable] | None = Field(default=None, alias="$schema")
    version: Literal[1]
    name: Annotated[str, Field(min_length=1, max_length=NAME_LENGTH), Composed, Storable]
    description: Annotated[str, Field(max_length=DESCRIPTION_LENGTH), Composed, Storable] | None = None
    rules: ExportedRules


def feed_json_schema() -> dict[str, Any]:
    """The JSON Schema of these documents."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return dialect | ExportedFeed.model_json_schema(by_alias=True)
