"""Documents that are not sent: persisted under their hash, or trusted."""

import hashlib
import json
import tracemalloc
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.http.persisted_documents import PersistedQueries, TrustedDocuments
from api.http.requests import GraphQLRequest
from tests.http.conftest import Serve, over

ECHO = "{ echo }"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def persisted(text: str) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha(text)}}}


async def code(client: httpx.AsyncClient, body: dict[str, Any]) -> tuple[int, str]:
    response = await client.post("/", json=body)
    (error,) = response.json()["errors"]
    return response.status_code, error["extensions"]["code"]


async def test_a_document_that_was_sent_with_its_hash_is_run_by_its_hash(client: httpx.AsyncClient) -> None:
    response = await client.post("/", json=persisted(ECHO))
    (error,) = response.json()["errors"]
    assert (error["message"], error["extensions"]["code"]) == ("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
    for body in (
        {"query": ECHO, **persisted(ECHO)},
        persisted(ECHO),
        {"documentId": sha(ECHO)},
        {"documentId": f"sha256:{sha(ECHO)}"},
    ):
        assert (await client.post("/", json=body)).json()["data"] == {"echo": ""}
    asked = {"extensions": json.dumps(persisted(ECHO)["extensions"])}
    assert (await client.get("/", params=asked)).json()["data"] == {"echo": ""}


async def test_a_wrong_hash_is_refused_and_not_kept(client: httpx.AsyncClient) -> None:
    assert await code(client, {"query": "{ broken }", **persisted(ECHO)}) == (400, "BAD_USER_INPUT")
    assert await code(client, persisted(ECHO)) == (200, "PERSISTED_QUERY_NOT_FOUND")
    for wrong in ("", "1", "[]", "x" * 201):
        given: Any = json.loads(wrong) if wrong in {"1", "[]"} else wrong
        body = {"query": ECHO, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": given}}}
        assert await code(client, body) == (400, "BAD_USER_INPUT")
    assert await code(client, {"extensions": {"persistedQuery": 1}}) == (400, "BAD_USER_INPUT")
    assert await code(client, {"documentId": 1}) == (400, "BAD_USER_INPUT")
    for version in (0, 2, "1", None):
        body = {"query": ECHO, "extensions": {"persistedQuery": {"version": version, "sha256Hash": sha(ECHO)}}}
        assert await code(client, body) == (400, "BAD_USER_INPUT")
    assert await code(client, {"extensions": {}}) == (400, "BAD_USER_INPUT")


async def test_under_a_hash_that_is_known_nothing_else_runs(client: httpx.AsyncClient) -> None:
    await client.post("/", json={"query": ECHO, **persisted(ECHO)})
    assert await code(client, {"query": "{ other: echo }", **persisted(ECHO)}) == (400, "BAD_USER_INPUT")
    assert (await client.post("/", json=persisted(ECHO))).json()["data"] == {"echo": ""}


async def test_what_is_not_valid_is_not_kept(client: httpx.AsyncClient) -> None:
    text = "{ nothing }"
    assert await code(client, {"query": text, **persisted(text)}) == (200, "GRAPHQL_VALIDATION_FAILED")
    assert await code(client, persisted(text)) == (200, "PERSISTED_QUERY_NOT_FOUND")


def asked(text: str | None, name: str | None = None) -> GraphQLRequest:
    return GraphQLRequest(text, None, None, name)


def test_the_least_recently_used_goes_first_when_there_is_no_room() -> None:
    known = PersistedQueries(2 * 350 + 20)
    texts = ["{ aaaaaa }", "{ bbbbbb }", "{ cccccc }"]
    for text in texts[:2]:
        known.keep(asked(text, sha(text)))
    assert known.text(asked(None, sha(texts[0]))) == texts[0]
    for text in (texts[2], "{ " + "d" * 400 + " }"):
        known.keep(asked(text, sha(text)))
    assert [sha(text) in known._texts for text in texts] == [True, False, True]  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize("padding", ["", "# é", "# €", "# 😀"])
def test_many_short_texts_take_no_more_memory_than_they_may(padding: str) -> None:
    most = 1024 * 1024
    known = PersistedQueries(most)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for n in range(20_000):
        text = f"{{ a{n}: echo }}{padding}"
        known.keep(asked(text, sha(text)))
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert most / 2 < taken < most
    assert known.text(asked(None, sha(f"{{ a19999: echo }}{padding}"))) == f"{{ a19999: echo }}{padding}"


async def test_without_room_hashes_alone_are_not_served(view: Serve) -> None:
    async with over(view(document_source=PersistedQueries(0))) as client:
        assert (await client.post("/", json={"query": ECHO, **persisted(ECHO)})).status_code == 200
        assert await code(client, persisted(ECHO)) == (200, "PERSISTED_QUERY_NOT_SUPPORTED")


MANIFEST = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [{"id": sha(ECHO), "name": "Echo", "type": "query", "body": ECHO}],
}


@pytest.mark.parametrize("content", [{sha(ECHO): ECHO}, {f"sha256:{sha(ECHO)}": ECHO}, MANIFEST])
async def test_only_trusted_documents_run(view: Serve, tmp_path: Path, content: dict[str, Any]) -> None:
    file = tmp_path / "documents.json"
    file.write_text(json.dumps(content))
    async with over(view(document_source=TrustedDocuments.of(file))) as client:
        for body in ({"query": ECHO}, {"documentId": sha(ECHO)}, persisted(ECHO), {"query": ECHO, **persisted(ECHO)}):
            assert (await client.post("/", json=body)).json()["data"] == {"echo": ""}
        for text in ("{ echo }  ", "{ broken }", "{"):
            assert await code(client, {"query": text}) == (403, "FORBIDDEN")
            for named in (text, ECHO):
                assert await code(client, {"query": text, **persisted(named)}) == (403, "FORBIDDEN")
            assert await code(client, persisted(text)) == (200, "PERSISTED_QUERY_NOT_FOUND")
        assert await code(client, {"query": ECHO, **persisted("{ other }")}) == (400, "BAD_USER_INPUT")
        assert await code(client, {}) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "cannot be read"),
        ("[]", "not an object of documents"),
        ('{"a": 1}', "not an object of documents"),
        (json.dumps({sha(ECHO): "{ other }"}), f"{sha(ECHO)} is not the SHA-256 of its document"),
    ],
)
def test_a_list_that_is_wrong_is_refused_at_once(tmp_path: Path, content: str, complaint: str) -> None:
    file = tmp_path / "documents.json"
    with pytest.raises(ValueError, match="cannot be read"):
        TrustedDocuments.of(file)
    file.write_text(content)
    with pytest.raises(ValueError, match=complaint):
        TrustedDocuments.of(file)


@pytest.mark.parametrize(
    "content",
    [
        {"operations": [{"body": ECHO}]},
        {"operations": [{"id": "one"}]},
        {"operations": [{"id": None, "body": ECHO}]},
        {"operations": [{"id": "one", "body": 1}]},
        {"operations": ["one"]},
        {"operations": [None]},
        {"operations": [{"id": "one", "body": ECHO}, {"id": "one", "body": "{ number(n: 1) }"}]},
        {"operations": 1},
        ["one"],
        None,
    ],
)
def test_a_manifest_of_another_shape_is_refused_in_a_sentence(tmp_path: Path, content: object) -> None:
    file = tmp_path / "documents.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ValueError, match=r"manifest|object of documents"):
        TrustedDocuments.of(file)
