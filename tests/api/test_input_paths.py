"""What is wrong with an input of which exactly one field may be given is said with its place."""

from typing import Any

import pytest

from tests.api.conftest import Api

PREVIEW = "query ($rules: FeedRulesInput!) { previewFeed(rules: $rules) { posts { nodes { id } } } }"
WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "filters[1]"),
    ({"tag": "jazz", "text": {"contains": "x"}}, "filters[1]"),
    ({"tag": None}, "filters[1].tag"),
    ({"author": {"relation": None}}, "filters[1].author.relation"),
]


@pytest.mark.parametrize(("wrong", "place"), WRONG)
async def test_a_variable_names_the_object_that_has_none_or_too_much(
    api: Api, wrong: dict[str, Any], place: str
) -> None:
    ada = api.factory.user("ada")
    error = await api.fail(PREVIEW, viewer=ada, rules={"groups": [{"filters": [{"tag": "folk"}, wrong]}]})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert f"$rules' has invalid value at .groups[0].{place}: " in error["message"]
    assert "exactly one field must be specified" in error["message"]


@pytest.mark.parametrize("wrong", ["{}", '{tag: "jazz", hasLink: true}', "{tag: null}"])
async def test_in_a_document_the_error_has_its_line_and_is_one(api: Api, wrong: str) -> None:
    query = PREVIEW.replace("($rules: FeedRulesInput!) ", "").replace(
        "$rules", f'{{groups: [{{filters: [{{tag: "folk"}}, {wrong}]}}]}}'
    )
    answer = await api.post({"query": query}, viewer=api.factory.user("ada"))
    errors = answer.json()["errors"]
    assert [error["extensions"]["code"] for error in errors] == ["GRAPHQL_VALIDATION_FAILED"]
    assert errors[0]["locations"]


async def test_a_variable_that_may_be_null_is_refused_for_such_a_field(api: Api) -> None:
    query = (
        "query ($tag: String) { previewFeed(rules: {groups: [{filters: [{tag: $tag}]}]}) { posts { nodes { id } } } }"
    )
    answer = await api.post({"query": query}, viewer=api.factory.user("ada"))
    (error,) = answer.json()["errors"]
    assert (
        error["message"] == "Variable 'tag' must be non-nullable to be used for OneOf Input Object 'FeedFilterInput'."
    )
