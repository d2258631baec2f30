"""Variables that are null where null may not be: the field that they stand in fails, and nothing else."""

import logging
from typing import Any

import pytest

from tests.api.conftest import Api, api_over

EXECUTORS = ["compiled", "stock"]


async def _answer(
    url: str, executor: str, query: str, variables: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> tuple[Any, list[tuple[list[Any] | None, str]]]:
    """The data, and the path and code of each error. Nothing is logged: it is the client's own mistake."""
    async with api_over(url, settings={"executor": executor}) as api:
        ada = _ada(api)
        with caplog.at_level(logging.ERROR, "vrss.errors"):
            response = await api.post({"query": query, "variables": variables}, viewer=ada)
    assert caplog.records == [one for one in caplog.records if one.name != "vrss.errors"]
    body = response.json()
    assert response.status_code == 200
    return body["data"], [(error.get("path"), error["extensions"]["code"]) for error in body.get("errors", [])]


def _ada(api: Api) -> int:
    found = api.factory.connection.execute("SELECT id FROM users WHERE username = 'ada'").fetchone()
    return api.factory.user("ada") if found is None else found[0]


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize(
    ("query", "variables", "data", "path"),
    [
        (
            (
                'query ($b: Boolean = true) { a: user(username: "ada") { username } user(username: "ada") {'
                " username id @include(if: $b) } }"
            ),
            {"b": None},
            {"a": {"username": "ada"}, "user": None},
            ["user"],
        ),
        (
            'query ($b: Boolean = true) { user(username: "ada") { username profile { ... @skip(if: $b) { bio } } } }',
            {"b": None},
            {"user": {"username": "ada", "profile": None}},
            ["user", "profile"],
        ),
        (
            (
                "query ($u: Boolean = false) { viewer { username notifications(first: 1, unreadOnly: $u) {"
                " nodes { isRead } } } }"
            ),
            {"u": None},
            {"viewer": None},
            ["viewer", "notifications"],
        ),
        (
            'query ($n: String = "x") { viewer { username } user(username: $n) { id } }',
            {"n": None},
            {"viewer": {"username": "ada"}, "user": None},
            ["user"],
        ),
        (
            (
                'mutation ($b: Boolean = true) { a: createPost(input: {type: TEXT_SHORT, content: "x"}) {'
                " post { content author { username @include(if: $b) } } userErrors { code } } }"
            ),
            {"b": None},
            {"a": {"post": {"content": "x", "author": None}, "userErrors": []}},
            ["a", "post", "author"],
        ),
        (
            (
                'mutation ($b: Boolean = true) { a: createPost(input: {type: TEXT_SHORT, content: ""}) {'
                " post { content } userErrors { code message @include(if: $b) } } }"
            ),
            {"b": None},
            {"a": None},
            ["a", "userErrors", 0],
        ),
        (
            'mutation ($c: String = "x") { a: addComment(input: {postId: "UG9zdDox", content: $c}) { post { id } } }',
            {"c": None},
            {"a": None},
            ["a"],
        ),
    ],
)
async def test_a_null_where_none_may_be_fails_its_field_alone(
    empty_database: str,
    executor: str,
    query: str,
    variables: dict[str, Any],
    data: dict[str, Any],
    path: list[Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    found = await _answer(empty_database, executor, query, variables, caplog)
    assert found == (data, [(path, "BAD_USER_INPUT")])


@pytest.mark.parametrize("executor", EXECUTORS)
async def test_an_unknown_selection_at_the_root_runs_nothing(
    empty_database: str, executor: str, caplog: pytest.LogCaptureFixture
) -> None:
    query = """mutation ($b: Boolean = true) { createPost(input: {type: TEXT_SHORT, content: "x"}) { post { id } }
      logout @include(if: $b) { loggedOut } }"""
    assert await _answer(empty_database, executor, query, {"b": None}, caplog) == (None, [(None, "BAD_USER_INPUT")])
