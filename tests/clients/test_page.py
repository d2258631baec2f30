"""docs/clients.md: each block of code runs, and the examples see what the page says."""

import re
from typing import Any

import pytest

from tests.clients.conftest import HERE, Node
from tests.clients.page import PAGE, blocks

# Which test runs a block: the scripts in Node.js import one another.
RUN = {
    **dict.fromkeys(("fetch-schema.mjs", "lists.mjs", "apollo.mjs"), "test_apollo.py"),
    "urql.mjs": "test_urql.py",
    "live.mjs": "test_live.py",
    **dict.fromkeys(("sign-in.mjs", "links.mjs", "use-apollo.mjs", "use-urql.mjs"), "test_page.py"),
    **dict.fromkeys(("pyproject.toml", "queries.graphql", "use_vrss.py"), "test_python.py"),
}


@pytest.fixture(scope="module")
def seen(node: Node) -> dict[str, Any]:
    return node("examples.mjs")


def test_each_block_of_code_has_a_name_and_a_test() -> None:
    assert set(blocks()) == set(RUN)
    assert len(re.findall(r"^```\w", PAGE.read_text("utf-8"), re.MULTILINE)) == len(RUN)
    assert all((HERE / test).exists() for test in RUN.values())


def test_each_mutation_that_the_page_names_is_in_the_schema() -> None:
    schema = (HERE.parents[1] / "api" / "schema.graphql").read_text("utf-8")
    rows = re.findall(r"^\| ((?:[a-z]\w+)(?:, [a-z]\w+)*) \|.*\|.*\|$", PAGE.read_text("utf-8"), re.MULTILINE)
    named = [name for row in rows for name in row.split(", ") if name not in {"after", "status"}]
    assert len(named) == 58
    assert [name for name in named if not re.search(rf"^  {name}(\(|:)", schema, re.MULTILINE)] == []


def test_errors_come_by_their_two_channels(seen: dict[str, Any]) -> None:
    unauthenticated = {"status": 401, "code": "UNAUTHENTICATED"}
    assert seen["errors"] == {
        "wrongPassword": "The name or the password is wrong.",
        "badToken": unauthenticated,
        "signedOut": unauthenticated,
        "badField": {"status": 400, "code": "GRAPHQL_VALIDATION_FAILED"},
    }
    assert seen["ended"] == ["signed out"]


def test_apollo_joins_two_pages_and_shows_a_like(seen: dict[str, Any]) -> None:
    posts = [edge["node"] for edge in seen["apollo"]]
    assert [post["id"] for post in posts] == [edge["node"]["id"] for edge in seen["before"]]
    assert [post["likesCount"] for post in posts] == [edge["node"]["likesCount"] for edge in seen["after"]]
    new, old = posts[1], seen["before"][1]["node"]
    assert (old["viewerHasLiked"], new["viewerHasLiked"], new["likesCount"]) == (False, True, old["likesCount"] + 1)


def test_urql_puts_a_new_post_first_without_another_request(seen: dict[str, Any]) -> None:
    found = [edge["node"] for edge in seen["urql"]]
    assert found[0]["content"] == "Rye, at last"
    assert [post["id"] for post in found[1:]] == [edge["node"]["id"] for edge in seen["before"][:3]]


def test_urql_asks_again_where_a_deleted_object_was_shown(seen: dict[str, Any]) -> None:
    deleted = seen["deleted"]
    assert len(deleted["left"]) == len(deleted["before"]) - 1
    assert set(deleted["before"]) - set(deleted["left"]) == {deleted["asked"]}


def test_a_document_is_sent_once_and_then_its_hash_alone(seen: dict[str, Any]) -> None:
    both = ["operationName", "variables", "extensions", "query"]
    assert [sorted(keys) for keys in seen["bodies"]] == [sorted(both[:3]), sorted(both), sorted(both[:3])]


@pytest.mark.parametrize("name", ["package-lock.json", "requirements.lock"])
def test_no_lock_file_says_where_packages_come_from(name: str) -> None:
    text = re.sub(r'"url": "[^"]+"', "", (HERE / name).read_text("utf-8"))  # where an author takes donations
    assert re.findall(r'"resolved"|\w+://', text) == []
