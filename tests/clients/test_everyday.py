"""Bookmarks, comments, likes and drafts in an Apollo client that has relayStylePagination and no update of its own."""

import re
from typing import Any

import pytest
from graphql import parse, validate

from api.schema import schema
from tests.clients.conftest import HERE, Node
from tests.clients.page import PAGE

STEPS = (
    "bookmarkPost", "removeBookmark", "likePost", "unlikePost", "addComment", "addComment", "likeComment",
    "unlikeComment", "deleteComment", "createPost", "updatePost", "publishPost",
)  # fmt: skip
WRITES = r"\b(?:update|optimisticResponse|updateQuery|refetch\w*|write(?:Query|Fragment))\b(?=[:(])|cache\.\w+|\.evict"


@pytest.fixture(scope="module")
def seen(node: Node) -> dict[str, Any]:
    return node("everyday.mjs")


def test_no_screen_is_old_after_a_mutation_that_asks_for_what_it_changed(seen: dict[str, Any]) -> None:
    assert seen["steps"] == [{"who": "ada", "did": name, "errors": [], "old": {}} for name in STEPS]


def test_new_entries_come_first_and_all_pages_of_the_list_stay(seen: dict[str, Any]) -> None:
    lengths = seen["lengths"]
    before = lengths["before"]
    assert before == {"bookmarks": 4, "drafts": 4, "post": 4, "thread": 3}  # of two pages each
    assert lengths["bookmarkPost"]["bookmarks"] == before["bookmarks"] + 1
    assert lengths["addComment"]["post"] == before["post"] + 1
    assert lengths["createPost"]["drafts"] == before["drafts"] + 1
    assert lengths["createPost"]["thread"] == before["thread"] + 1


def test_screens_show_the_bookmark_and_the_published_draft(seen: dict[str, Any]) -> None:
    assert seen["bookmarked"] == [1, 6, 5, 4, 2]  # without the one that was on the second page
    assert seen["marked"] == [False, True]
    assert seen["published"] == ["Two, again", "PUBLISHED"]
    assert seen["drafts"][:4] == ["Five", "Four", "Three", "One"]


@pytest.mark.parametrize("script", ["person.mjs", "approval.mjs", "everyday.mjs"])
def test_the_script_writes_to_no_cache(script: str) -> None:
    assert re.findall(WRITES, (HERE / script).read_text("utf-8")) == []


def test_the_mutation_on_the_page_is_of_this_schema() -> None:
    found = re.search(r"(?:^ {4}.*\n)+", PAGE.read_text("utf-8").partition("For example:\n\n")[2], re.MULTILINE)
    assert found is not None
    document = parse(f"{found[0]} fragment Card on Post {{ id status }}")
    assert validate(schema._schema, document) == []  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
