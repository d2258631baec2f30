"""Rules as clients write them."""

from collections.abc import Mapping
from typing import Any

from api.gql.ids import encode
from db.documents.feed_filters import (
    AltTextFilter,
    AuthorFilter,
    DateRangeFilter,
    FeedFilter,
    HasLinkFilter,
    HasMediaFilter,
    LanguageFilter,
    OtherFeedFilter,
    TagFilter,
)
from db.documents.feed_rules import FeedRules


def as_input(rules: FeedRules) -> dict[str, Any]:
    """These rules as a FeedRulesInput."""
    return {
        "join": rules.join.name,
        "sort": rules.sort.name,
        "scope": rules.scope.name,
        "unseenOnly": rules.unseen_only,
        "groups": [{"match": group.match.name, "filters": list(map(_filter, group.filters))} for group in rules.groups],
    }


def _filter(one: FeedFilter) -> dict[str, Any]:
    match one:
        case TagFilter() | HasMediaFilter() | HasLinkFilter() | AltTextFilter():
            (found,) = ({_camel_case(name): value} for name, value in one if name != "kind")
        case OtherFeedFilter():
            found = {"feedId": encode("Feed", one.feed_id)}
        case AuthorFilter():
            found = {"author": _authors(one)}
        case LanguageFilter():
            found = {"language": {"anyOf": list(one.any_of), "orUnknown": one.or_unknown}}
        case DateRangeFilter(published_within=span) if span is not None:
            found = {"publishedWithin": {"amount": span.amount, "unit": span.unit.name}}
        case DateRangeFilter():
            found = {"publishedBetween": _fields(one.model_dump(mode="json", exclude={"kind"}, exclude_none=True))}
        case _:
            values = {name: _plain(value) for name, value in one if name != "kind" and value is not None}
            found = {_camel_case(one.kind): _fields(values)}
    return found


def _plain(value: Any) -> Any:
    """Enums by their names."""
    return [_plain(one) for one in value] if isinstance(value, tuple) else getattr(value, "name", value)  # pyright: ignore[reportUnknownVariableType]


def _authors(one: AuthorFilter) -> dict[str, Any]:
    if one.relation is not None:
        return {"relation": one.relation.name}
    if one.list_id is not None:
        return {"listId": encode("UserList", one.list_id)}
    return {"userIds": [encode("User", key) for key in one.users]}


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    return {_camel_case(name): value for name, value in values.items()}


def _camel_case(name: str) -> str:
    if name == "places":
        return "in"
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
