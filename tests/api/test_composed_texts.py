"""A text is stored and looked for in composed form: what looks the same is found, however it was typed."""

import sys
from typing import Any, Literal
from unicodedata import combining, normalize

import pytest

from api.gql.ids import encode
from db.documents.texts import composed
from db.maintenance.composing import Composed, compose
from tests.api.conftest import Api
from tests.api.own_feeds import create as create_feed
from tests.api.own_feeds import rules

TYPED = normalize("NFD", "Élan à Čáslav")
STORED = normalize("NFC", TYPED)
CREATE = """mutation ($input: CreatePostInput!) { createPost(input: $input) {
  post { id title content } userErrors { field message } } }"""
SEARCH = "query ($text: String!) { searchPosts(query: $text) { nodes { id } } }"
FEED = "query ($id: ID!) { feed(id: $id) { posts { nodes { id } } } }"


async def create(api: Api, viewer: int, **given: object) -> dict[str, Any]:
    return (await api.run(CREATE, viewer=viewer, input=given))["createPost"]


async def found(api: Api, viewer: int, text: str) -> list[str]:
    return [node["id"] for node in (await api.run(SEARCH, viewer=viewer, text=text))["searchPosts"]["nodes"]]


async def in_feed(api: Api, viewer: int, text: str) -> list[str]:
    feed = (await create_feed(api, viewer, name=f"Of {len(text)}", rules=rules({"text": {"contains": text}})))["feed"]
    return [node["id"] for node in (await api.run(FEED, viewer=viewer, id=feed["id"]))["feed"]["posts"]["nodes"]]


@pytest.mark.parametrize("spelling", ["NFC", "NFD"])
async def test_a_text_is_found_in_both_spellings(api: Api, spelling: Literal["NFC", "NFD"]) -> None:
    ada = api.factory.user("ada")
    payload = await create(api, ada, type="TEXT_LONG", title=TYPED, content=normalize(spelling, f"{TYPED}, again"))
    post = payload["post"]
    assert post == {"id": encode("Post", 1), "title": STORED, "content": f"{STORED}, again"}
    for word in (normalize("NFC", "čáslav"), normalize("NFD", "čáslav")):
        assert await found(api, ada, word) == await in_feed(api, ada, word) == [encode("Post", 1)]


async def test_the_limit_is_that_of_the_composed_text(api: Api) -> None:
    ada = api.factory.user("ada")
    assert (await create(api, ada, content=normalize("NFD", "é" * 500)))["userErrors"] == []
    (error,) = (await create(api, ada, content="é" * 501))["userErrors"]
    assert error["message"] == "A short text has at most 500 characters."


@pytest.mark.parametrize("marks", ["\u0301\u0323" * 4_999, "\u0f73" * 9_998])
async def test_marks_that_nobody_reads_are_stored_as_they_came(api: Api, marks: str) -> None:
    """To put as many into order would take seconds."""
    ada = api.factory.user("ada")
    heap = "e" + marks
    payload = await create(api, ada, type="TEXT_LONG", content=heap)
    assert payload["post"] == {"id": encode("Post", 1), "title": None, "content": heap}


def test_every_mark_counts() -> None:
    """So does each character that becomes marks: a run of any of them is left alone."""
    for one in map(chr, range(sys.maxunicode + 1)):
        parts = "" if 0xD800 <= ord(one) < 0xE000 else normalize("NFD", one)
        if parts and combining(parts[0]):
            assert composed(one * 31) == one * 31, hex(ord(one))


async def test_a_search_of_marks_is_refused_by_its_length(api: Api) -> None:
    error = await api.fail(SEARCH, text="\u0f73" * 40_000)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_texts_of_older_versions_are_composed_once(api: Api) -> None:
    ada = api.factory.user("ada")
    longer = "\u0958" * 300  # which are twice as many characters in composed form, and too many
    api.factory.post(ada, type="text_long", title=TYPED, content="Čáslav", content_html="<p>Čáslav</p>")
    api.factory.post(ada, content=longer)
    feed = (await create_feed(api, ada, rules=rules({"text": {"contains": "élan"}})))["feed"]["id"]
    older = "UPDATE feed_filters SET value = jsonb_build_object('contains', %s::text)"
    api.factory.connection.execute(older, [TYPED])
    assert compose(api.factory.connection) == Composed(posts=1, filters=1)
    assert compose(api.factory.connection) == Composed(posts=0, filters=0)
    rows = api.factory.connection.execute("SELECT title, content, content_html FROM posts ORDER BY id").fetchall()
    assert rows[0] == (STORED, "Čáslav", None)
    assert rows[1][1] == longer
    api.factory.connection.execute(older, ["\u0958" * 60])
    assert compose(api.factory.connection) == Composed(posts=0, filters=0)
    shown = await api.run(
        "query ($id: ID!) { feed(id: $id) { rules { groups { filters { summary } } } } }", viewer=ada, id=feed
    )
    assert "\u0958" in shown["feed"]["rules"]["groups"][0]["filters"][0]["summary"]
    api.factory.connection.execute(older, [STORED])
    assert await found(api, ada, "élan") == [encode("Post", 1)]
    nodes = (await api.run(FEED, viewer=ada, id=feed))["feed"]["posts"]["nodes"]
    assert [node["id"] for node in nodes] == [encode("Post", 1)]
