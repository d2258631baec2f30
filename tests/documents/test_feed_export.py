"""Feeds as documents: what is written satisfies the JSON Schema that is published, and holds no id."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError

from api.feeds.documents import Names, document_of
from db.documents.feed_export import ExportedAuthorFilter, ExportedFeed, feed_json_schema
from db.documents.feed_filters import AuthorFilter
from db.documents.feed_rules import FeedRules
from db.feeds.notices import places
from db.queries.feeds import FeedRow
from tests.documents import strategies

SCHEMA = feed_json_schema()
VALIDATOR: Any = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
NOW = datetime(2026, 1, 1, tzinfo=UTC)
FEED = FeedRow(1, 1, "Mine", "All", {}, False, 0, NOW, NOW, 1, "private", None)  # as a row comes
MINIMAL: dict[str, Any] = {"version": 1, "name": "Mine", "rules": {}}


def written(rules: FeedRules) -> dict[str, Any]:
    """The document of a feed with these rules, where everybody can be seen."""
    authors = [place.filter for place in places(rules) if isinstance(place.filter, AuthorFilter)]
    people = {user: f"user{user}" for one in authors for user in one.users}
    lists = {one.list_id: {"owner": "ada", "name": f"List {one.list_id}"} for one in authors if one.list_id is not None}
    feeds = {one.feed_id: {"owner": "ada", "name": f"Feed {one.feed_id}"} for one in rules.other_feeds}
    return document_of(FEED, rules, Names(people, lists, feeds))


def test_the_schema_is_one() -> None:
    VALIDATOR.check_schema(SCHEMA)


@given(strategies.rules)
@settings(max_examples=200, derandomize=True)
def test_every_document_satisfies_the_schema_and_is_read_again(rules: FeedRules) -> None:
    document = written(rules)
    VALIDATOR.validate(document)
    assert ExportedFeed.model_validate(document).model_dump(mode="json", by_alias=True, exclude_none=True) == document
    assert [place.filter.kind for place in places(rules)] == [
        one["kind"] for group in document["rules"]["groups"] for one in group["filters"]
    ]


def test_names_and_descriptions_are_read_in_composed_form() -> None:
    """As the feed and the list that they are compared with are stored."""
    spelled, composed = "Cafe\u0301", "Caf\u00e9"
    filters = [{"kind": "author", "members_of": {"owner": "ada", "name": spelled}}]
    given = {"version": 1, "name": spelled, "description": spelled, "rules": {"groups": [{"filters": filters}]}}
    feed = ExportedFeed.model_validate(given)
    (group,) = feed.rules.groups
    (one,) = group.filters
    assert isinstance(one, ExportedAuthorFilter)
    assert one.members_of is not None
    assert (feed.name, feed.description, one.members_of.name) == (composed, composed, composed)


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 2},
        {"name": ""},
        {"more": 1},
        {"rules": {"groups": [{"filters": [{"kind": "tags", "tag": "jazz"}]}]}},
        {"rules": {"groups": [{"filters": [{"kind": "author", "users": [1]}]}]}},
        {"rules": {"groups": [{"filters": [{"kind": "tag"}]}]}},
        {"rules": {"sort": "BEST"}},
    ],
)
def test_what_the_schema_refuses_the_model_does_too(changed: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(MINIMAL | changed)
    with pytest.raises(ValidationError):
        ExportedFeed.model_validate(MINIMAL | changed)


def test_a_document_may_name_its_schema() -> None:
    document = MINIMAL | {"$schema": "https://example.org/schemas/feed.json"}
    VALIDATOR.validate(document)
    ExportedFeed.model_validate(document)


def _keys(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", ())  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    for one in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        yield from _keys(one)


def test_no_document_has_an_id_of_this_server() -> None:
    """A new filter that names an object has to say how it is named elsewhere, as authors do."""
    assert [key for key in _keys(SCHEMA) if key == "id" or key.endswith(("_id", "_ids"))] == []
