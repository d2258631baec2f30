"""GraphiQL in headless Chromium, used as a person uses it."""

import json
import urllib.request

import pytest

from tests.browser.conftest import Node

LOGIN = 'mutation { login(input: {login: "ada", password: "Vrss-demo-2026"}) { token } }'


def token(address: str) -> str:
    body = json.dumps({"query": LOGIN}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)["data"]["login"]["token"]


@pytest.mark.usefixtures("graphiql")
def test_it_loads_completes_a_field_runs_the_feed_and_shows_the_answer(node: Node, address: str) -> None:
    seen = node("graphiql.mjs", f"{address}/graphql", token(address))
    assert seen["complaints"] == []
    assert {url.partition(":")[0] for url in seen["requests"]} <= {"http", "data", "blob"}
    assert all(url.startswith(address) for url in seen["requests"] if url.startswith("http"))
    assert seen["offered"].startswith("homeFeed")
    assert seen["query"] == "{ homeFeed(first: 3) { nodes { id content}}}"
    answer = seen["answer"]
    assert '"errors"' not in answer
    assert answer.count('"content":') == 3
