"""The rules of feeds as clients write them, and the document that they become.

The limits are those of the document, db/documents/feed_rules.py: what it refuses is reported at the path of the input.
Only the lengths of texts and lists stand here too, since they are looked at before anything else.
"""

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any

import strawberry
from pydantic import Field, ValidationError
from strawberry import UNSET

from api.gql.enums import PostType
from api.gql.feed_enums import (
    AuthorRelation,
    EngagementMetric,
    FeedGroupMatch,
    FeedJoin,
    FeedScope,
    FeedSort,
    PostTypeGroup,
    TextField,
    TimeUnit,
)
from api.gql.ids import decode
from api.gql.scalars import LanguageTag
from api.gql.validation import InvalidInputsError, Tag, refusals
from db.documents.feed_filters import AUTHORS_PER_FILTER, LANGUAGES_PER_FILTER, TEXT_LENGTH
from db.documents.feed_rules import FILTERS_PER_FEED, OTHER_FEEDS_PER_FEED, FeedRules
from db.documents.languages import LONGEST_TAG
from db.errors import InvalidInputError


@strawberry.input(description="Post types; at least one type or group.")
class PostTypeFilterInput:
    types: Annotated[list[PostType], Field(max_length=len(PostType))] = strawberry.field(
        default_factory=list, description="Single types."
    )
    groups: Annotated[list[PostTypeGroup], Field(max_length=len(PostTypeGroup))] = strawberry.field(
        default_factory=list, description="Groups of types."
    )


@strawberry.input(one_of=True, description="Authors: exactly one field must be given.")
class AuthorFilterInput:
    user_ids: Annotated[list[strawberry.ID], Field(max_length=AUTHORS_PER_FILTER)] | None = strawberry.field(
        default=UNSET, description="These people; 1 to 100."
    )
    list_id: strawberry.ID | None = strawberry.field(
        default=UNSET,
        description="The members of a list: one of the viewer's or a public one. Where the viewer may not see it, "
        "nobody is on it.",
    )
    relation: AuthorRelation | None = strawberry.field(
        default=UNSET, description="People by their relation to the reader."
    )


@strawberry.input(description="A span of time.")
class TimeSpanInput:
    amount: int = strawberry.field(description="How many units: 1 to 1,000.")
    unit: TimeUnit = strawberry.field(description="The unit.")


@strawberry.input(description="A range of time; at least one end must be given.")
class TimeRangeInput:
    since: datetime | None = strawberry.field(
        default=None, description="The first moment that belongs to it; open when null."
    )
    until: datetime | None = strawberry.field(
        default=None, description="The last moment that belongs to it; open when null."
    )


@strawberry.input(description="A bound on engagement; at least one of `atLeast` and `atMost` must be given.")
class EngagementFilterInput:
    metric: EngagementMetric = strawberry.field(description="What to count.")
    at_least: int | None = strawberry.field(default=None, description="The smallest count that satisfies it.")
    at_most: int | None = strawberry.field(default=None, description="The largest count that satisfies it.")


@strawberry.input(description="A text to look for, in any mix of upper and lower case.")
class TextFilterInput:
    contains: Annotated[str, Field(max_length=TEXT_LENGTH)] = strawberry.field(
        description="The text, 1 to 100 characters."
    )
    whole_word: bool = strawberry.field(
        default=False, description="Whether it must begin and end at the edge of a word."
    )
    places: Annotated[list[TextField], Field(max_length=len(TextField))] = strawberry.field(
        name="in",
        default_factory=lambda: [TextField.TITLE, TextField.TEXT],
        description="Where to look; at least one place.",
    )


@strawberry.input(description="Languages; at least one.")
class LanguageFilterInput:
    any_of: Annotated[
        list[Annotated[LanguageTag, Field(max_length=LONGEST_TAG)]], Field(max_length=LANGUAGES_PER_FILTER)
    ] = strawberry.field(
        description="The languages, 1 to 20: `en` is English of every region, `en-GB` British English alone."
    )
    or_unknown: bool = strawberry.field(
        default=False, description="Whether posts whose language is not known satisfy it, too."
    )


@strawberry.input(one_of=True, description="One filter: exactly one field must be given.")
class FeedFilterInput:
    post_type: PostTypeFilterInput | None = strawberry.field(
        default=UNSET, description="The post is of one of these types."
    )
    author: AuthorFilterInput | None = strawberry.field(
        default=UNSET, description="The post is by one of these people."
    )
    tag: Annotated[str, Tag] | None = strawberry.field(
        default=UNSET,
        description="The post has this tag, with or without `#`: letters, marks, digits and underscores; up to 50 "
        "characters.",
    )
    published_within: TimeSpanInput | None = strawberry.field(
        default=UNSET, description="The post was published within this span up to now."
    )
    published_between: TimeRangeInput | None = strawberry.field(
        default=UNSET, description="The post was published between two moments."
    )
    engagement: EngagementFilterInput | None = strawberry.field(
        default=UNSET, description="The post has at least or at most this much engagement."
    )
    text: TextFilterInput | None = strawberry.field(default=UNSET, description="The post contains this text.")
    has_media: bool | None = strawberry.field(default=UNSET, description="The post has files (true) or none (false).")
    language: LanguageFilterInput | None = strawberry.field(
        default=UNSET, description="The post is in one of these languages."
    )
    has_link: bool | None = strawberry.field(
        default=UNSET, description="The text has a web address, with `http://` or `https://` (true), or none (false)."
    )
    with_alt_text: bool | None = strawberry.field(
        default=UNSET,
        description="All pictures have an alternative text (true), or at least one has none (false). Posts without "
        "pictures satisfy true.",
    )
    feed_id: strawberry.ID | None = strawberry.field(
        default=UNSET,
        description="Another feed lets the post through: one of the viewer's, or one shared with PUBLIC (anything else "
        f"answers NOT_FOUND), that has no such filter itself. At most {OTHER_FEEDS_PER_FEED} in all groups together. "
        "Its groups and its `scope` count, and nothing else of it: no order, no limits and no pinned posts. ME, "
        "FRIENDS, FOLLOWING and FOLLOWERS in it mean the same people as in these rules. Where whoever reads may not "
        "open it, no post satisfies the filter.",
    )


@strawberry.input(description="Filters that belong together.")
class FeedGroupInput:
    match: FeedGroupMatch = strawberry.field(default=FeedGroupMatch.ALL, description="How they are combined.")
    filters: Annotated[list[FeedFilterInput], Field(max_length=FILTERS_PER_FEED)] = strawberry.field(
        description="The filters; at least 1."
    )


@strawberry.input(
    description="The weights of a score: (1 + like * likes + comment * comments + repost * reposts) * "
    "0.5 ^ (age / halfLifeHours)."
)
class ScoreWeightsInput:
    like: float = strawberry.field(default=1.0, description="The weight of a like: 0 to 100.")
    comment: float = strawberry.field(default=2.0, description="The weight of a comment: 0 to 100.")
    repost: float = strawberry.field(default=3.0, description="The weight of a repost: 0 to 100.")
    half_life_hours: float = strawberry.field(
        default=24.0, description="After how many hours a score has halved: 1 to 8,760."
    )


@strawberry.input(
    description="The rules of a feed: which posts it contains and in which order. At most 20 filters in all groups "
    "together."
)
class FeedRulesInput:
    join: FeedJoin = strawberry.field(default=FeedJoin.ALL, description="How the groups are combined.")
    groups: Annotated[list[FeedGroupInput], Field(max_length=FILTERS_PER_FEED)] = strawberry.field(
        default_factory=list, description="The groups; at most 20."
    )
    sort: FeedSort = strawberry.field(default=FeedSort.RECENT, description="The order.")
    scope: FeedScope = strawberry.field(default=FeedScope.EVERYONE, description="Where to look.")
    score: ScoreWeightsInput | None = strawberry.field(
        default=None, description="The weights for SCORE; the defaults when null. Not allowed with another `sort`."
    )
    max_per_author_per_day: int | None = strawberry.field(
        default=None,
        description="At most this many posts by one author of one day (UTC), the first ones in the order of the feed: "
        "1 to 20; no limit when null. Posts that `unseenOnly` leaves out count among them.",
    )
    unseen_only: bool = strawberry.field(
        default=False,
        description="Leaves out posts that the viewer had seen (`markSeen`) when the first page was opened: those seen "
        "since stay where they are while one pages on. Signed out, nothing was seen.",
    )


@strawberry.input(one_of=True, description="A feed, saved or not: exactly one field must be given.")
class FeedSourceInput:
    feed_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="A feed of the viewer, or one shared with PUBLIC."
    )
    rules: FeedRulesInput | None = strawberry.field(default=UNSET, description="Rules that are not saved.")


def rules_document(given: FeedRulesInput) -> FeedRules:
    """The rules as they are stored: tags folded, all limits looked at.

    InvalidInputsError names each value at fault by its path from `rules` on. An id of another type is BAD_USER_INPUT.
    """
    plain = {
        "join": given.join,
        "groups": [
            {"match": group.match, "filters": [_filter(*_given(one)) for one in group.filters]}
            for group in given.groups
        ],
        "sort": given.sort,
        "scope": given.scope,
        "max_per_author_per_day": given.max_per_author_per_day,
        "unseen_only": given.unseen_only,
        "score": None if given.score is None else _fields(given.score),
    }
    try:
        return FeedRules.model_validate(plain)
    except ValidationError as error:
        raise InvalidInputsError([_placed(one, given) for one in refusals(error)]) from error


def _given(one: Any) -> tuple[str, Any]:
    """The field of an input with exactly one that is given, and its value."""
    return next(
        (field.name, value) for field in fields(one) if (value := getattr(one, field.name)) not in (UNSET, None)
    )


def _filter(name: str, value: Any) -> dict[str, Any]:
    match name:
        case "author":
            return {"kind": "author"} | _authors(*_given(value))
        case "published_within":
            return {"kind": "date_range", name: _fields(value)}
        case "published_between":
            return {"kind": "date_range"} | _fields(value)
        case "with_alt_text" | "feed_id":
            kind, value = ("feed", decode(value, "Feed")) if name == "feed_id" else ("alt_text", value)
            return {"kind": kind, name: value}
        case "tag" | "has_media" | "has_link":
            return {"kind": name, name: value}
        case _:
            return {"kind": name} | _fields(value)


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _authors(name: str, value: Any) -> dict[str, Any]:
    match name:
        case "user_ids":
            return {"users": [decode(one, "User") for one in value]}
        case "list_id":
            return {"list_id": decode(value, "UserList")}
        case _:
            return {name: value}


_RENAMED = {"users": "user_ids", "places": "in"}


def _placed(refused: InvalidInputError, given: FeedRulesInput) -> InvalidInputError:
    """The same at the path of the input: in a document, filters have their kind in the path."""
    match refused.field:
        case ("groups", group, "filters", place, _, *rest):
            name, _ = _given(given.groups[int(group)].filters[int(place)])
            below = rest[1:] if rest[:1] == [name] else rest
            path = ("groups", group, "filters", place, name, *(_RENAMED.get(one, one) for one in below))
        case path:
            pass
    return InvalidInputError(refused.message, field=("rules", *path))
