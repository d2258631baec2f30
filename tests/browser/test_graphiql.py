"""GraphiQL in headless Chromium, used as a person uses it."""

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Node

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
LOGIN = 'mutation { login(input: {login: "ada", password: "Vrss-demo-2026"}) { token } }'


def token(address: str) -> str:
    body = json.dumps({"query": LOGIN}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)["data"]["login"]["token"]


@pytest.fixture(scope="module")
def used(graphiql: None, node: Node, address: str) -> Any:
    """What a person saw in production who typed the feed and a token."""
    return node("graphiql.mjs", f"{address}/graphql", token(address)) | {"address": address}


def test_it_loads_completes_a_field_runs_the_feed_and_shows_the_answer(used: Any) -> None:
    assert used["offered"].startswith("homeFeed")
    assert used["query"] == "{ homeFeed(first: 3) { nodes { id content}}}"
    assert '"errors"' not in used["answer"]
    assert used["answer"].count('"content":') == 3


def test_in_production_nobody_is_offered_to_sign_in_as(used: Any) -> None:
    """The demo people are there, and can log in as anybody can."""
    assert used["people"] == []


@pytest.mark.parametrize("visit", ["used", "explored"])
def test_it_loads_nothing_from_elsewhere_and_complains_of_nothing(visit: str, request: pytest.FixtureRequest) -> None:
    seen = request.getfixturevalue(visit)
    assert seen["complaints"] == []
    assert {url.partition(":")[0] for url in seen["requests"]} <= {"http", "data", "blob"}
    assert all(url.startswith(seen["address"]) for url in seen["requests"] if url.startswith("http"))


@pytest.fixture(scope="module")
def explored(graphiql: None, node: Node, development: str) -> Any:
    """What a developer saw who signed in as Ada, opened an example, typed headers and came back to the page."""
    return node("explorer.mjs", f"{development}/graphql") | {"address": development}


def test_one_click_signs_in_by_cookie_and_another_out(explored: Any) -> None:
    assert explored["people"] == ["ada", "ben", "cleo", "dan"]
    assert json.loads(explored["viewer"])["data"] == {"viewer": {"username": "ada"}}
    assert json.loads(explored["signedOut"])["data"] == {"viewer": None}


def test_every_example_is_in_the_menu_and_opens_in_a_tab_that_runs(explored: Any) -> None:
    titles = {path.stem: path.read_text("utf-8").splitlines()[0] for path in EXAMPLES.glob("*.graphql")}
    assert explored["examples"] == [[name, titles[name].removeprefix("# ")] for name in sorted(titles)]
    assert explored["example"].startswith("# Post page with its comments")
    assert json.loads(explored["variables"]) == json.loads((EXAMPLES / "post-page.json").read_text("utf-8"))
    assert '"errors"' not in explored["post"]
    assert explored["tabs"] == explored["tabsAgain"] == ["<untitled>", "ProfilePage", "PostPage"]


def test_headers_are_there_in_a_new_tab_and_after_a_reload(explored: Any) -> None:
    assert json.loads(explored["headersOfNewTab"]) == {"X-Request-Id": "kept-over-a-reload"}
    assert json.loads(explored["headers"]) == {"X-Request-Id": "kept-over-a-reload"}
    assert explored["reloaded"].startswith("# Post page with its comments")


def test_nothing_is_cut_off_at_1280_pixels(explored: Any) -> None:
    assert explored["cutOff"] == []
    assert explored["search"] == {"text": "Ctrl Alt K", "isWhole": True}
    assert explored["offered"] == "updateAccountSettings"
