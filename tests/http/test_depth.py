"""JSON that nests deeply ends in a coded answer, whatever the depth that the parser admits."""

import json

import httpx
import pytest

DEPTHS = [*range(10, 1030, 30), 1023, 1024, 1025, 1100]
LEAVES = ["1", '"text"', r'"\u0000"']
CARRIERS = [
    "{nested}",
    '{{"query": "query($n: Int!) {{ number(n: $n) }}", "variables": {{"n": {nested}}}}}',
    '{{"query": "query($n: Int!) {{ number(n: $n) }}", "variables": {{"other": {nested}}}}}',
    '{{"query": "query($n: [Int!]) {{ number(n: $n) }}", "variables": {{"n": {nested}}}}}',
    '{{"query": "{{ echo }}", "extensions": {{"other": {nested}}}}}',
]


def nested(depth: int, leaf: str, opening: str, closing: str) -> str:
    return opening * depth + leaf + closing * depth


@pytest.mark.parametrize("leaf", LEAVES)
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
async def test_deep_json_ends_in_a_coded_answer(
    client: httpx.AsyncClient, leaf: str, opening: str, closing: str
) -> None:
    heard: set[str] = set()
    for depth in DEPTHS:
        for carrier in CARRIERS:
            body = carrier.format(nested=nested(depth, leaf, opening, closing))
            post = await client.post("/graphql", content=body, headers={"content-type": "application/json"})
            heard.add(code(post))
        for key in ("variables", "extensions"):
            deep = f'{{"a": {nested(depth, leaf, opening, closing)}}}'
            get = await client.get("/graphql", params={"query": "{ echo }", key: deep})
            heard.add(code(get))
    assert heard <= {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "COST_LIMIT", "none"}


def code(response: httpx.Response) -> str:
    errors = json.loads(response.content).get("errors")
    return errors[0]["extensions"]["code"] if errors else "none"


@pytest.mark.parametrize("where", ["body", "variables", "extensions"])
async def test_json_deeper_than_the_parser_reads_is_refused(client: httpx.AsyncClient, where: str) -> None:
    deep = nested(1025, "1", "[", "]")
    if where == "body":
        response = await client.post("/graphql", content=deep, headers={"content-type": "application/json"})
    else:
        response = await client.get("/graphql", params={"query": "{ echo }", where: deep})
    assert (response.status_code, code(response)) == (400, "BAD_USER_INPUT")
