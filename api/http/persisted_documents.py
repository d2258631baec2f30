"""The sources of a document's text: the request, a text sent under its hash before, or a list of trusted documents.

A client may send the SHA-256 of a document in place of it once the server has seen both together: automatic persisted
queries, as Apollo's clients send them. Where documents are trusted, nothing else runs.
"""

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, cast

from graphql import GraphQLError

from api.execution.operations import DocumentError
from api.http.requests import GraphQLRequest, RequestError

# What a text takes with its hash and their place in the list, measured with tracemalloc and rounded up, besides its
# characters; those beyond ASCII take up to four bytes each.
_BYTES_PER_ENTRY = 350
_BYTES_PER_WIDE_CHARACTER = 4
_SHA256 = re.compile(r"[0-9a-f]{64}")


class DocumentSource(Protocol):
    def text(self, asked: GraphQLRequest) -> str:
        """The text of the requested document, else DocumentError or RequestError."""
        ...

    def keep(self, asked: GraphQLRequest) -> None:
        """Remember a document that turned out to be valid under the name that it came with."""
        ...


class PersistedQueries:
    """What clients have sent together with its hash, least recently used first out."""

    def __init__(self, max_bytes: int) -> None:
        """`max_bytes` is an estimate of memory. With none to keep anything in, hashes alone are refused."""
        self._max_bytes = max_bytes
        self._bytes = 0
        self._texts: OrderedDict[str, str] = OrderedDict()

    def text(self, asked: GraphQLRequest) -> str:
        query, digest = asked.query, asked.document_id
        if digest is None:
            return _required(query)
        if query is None:
            return self._kept(digest)
        if self._texts.get(digest) != query and hashlib.sha256(query.encode()).hexdigest() != digest:
            raise RequestError(400, "The hash is not the SHA-256 of the document.")
        return query

    def keep(self, asked: GraphQLRequest) -> None:
        digest, text = asked.document_id, asked.query
        if digest is None or text is None or digest in self._texts or _weight(text) > self._max_bytes:
            return
        self._texts[digest] = text
        self._bytes += _weight(text)
        while self._bytes > self._max_bytes:
            _, forgotten = self._texts.popitem(last=False)
            self._bytes -= _weight(forgotten)

    def _kept(self, digest: str) -> str:
        text = self._texts.get(digest)
        if text is None:
            raise _unknown("PersistedQueryNotFound" if self._max_bytes else "PersistedQueryNotSupported")
        self._texts.move_to_end(digest)
        return text


class TrustedDocuments:
    """The only documents that run, by their hash or whatever else names them."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        self._by_name = dict(documents)
        self._texts = set(documents.values())

    @classmethod
    def of(cls, file: Path) -> "TrustedDocuments":
        """Those of a JSON file: an object of texts by name, or Apollo's manifest. ValueError says what is wrong."""
        try:
            content: Any = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise ValueError(f"it cannot be read: {error}") from error
        if isinstance(content, dict) and isinstance(cast("dict[str, Any]", content).get("operations"), list):
            content = _by_id(cast("dict[str, Any]", content)["operations"])
        if not isinstance(content, dict) or not all(isinstance(text, str) for text in cast("Any", content).values()):
            raise ValueError("it is not an object of documents by their hash")
        documents = {name.removeprefix(_PREFIX): text for name, text in cast("dict[str, str]", content).items()}
        for name, text in documents.items():
            if _SHA256.fullmatch(name) and hashlib.sha256(text.encode()).hexdigest() != name:
                raise ValueError(f"{name} is not the SHA-256 of its document")
        return cls(documents)

    def text(self, asked: GraphQLRequest) -> str:
        if asked.document_id is None:
            query = _required(asked.query)
            if query not in self._texts:
                raise _untrusted()
            return query
        text = self._by_name.get(asked.document_id)
        if asked.query is not None and asked.query != text:
            if asked.query in self._texts:
                raise RequestError(400, "The id is that of another document.")
            raise _untrusted()
        if text is None:
            raise _unknown("PersistedQueryNotFound")
        return text

    def keep(self, asked: GraphQLRequest) -> None:
        """Nothing: the list is made by the operator."""


_PREFIX = "sha256:"
_CODES = {
    "PersistedQueryNotFound": "PERSISTED_QUERY_NOT_FOUND",
    "PersistedQueryNotSupported": "PERSISTED_QUERY_NOT_SUPPORTED",
}


def _by_id(operations: list[Any]) -> dict[str, str]:
    """The documents of Apollo's manifest; ValueError where one of them is not an object with an id and a body."""
    documents: dict[str, str] = {}
    for number, operation in enumerate(operations, 1):
        found = cast("dict[str, Any]", operation) if isinstance(operation, dict) else dict[str, Any]()
        name, text = found.get("id"), found.get("body")
        if not isinstance(name, str) or not name or not isinstance(text, str):
            raise ValueError(f"operation {number} of its manifest has no `id` and `body` that are texts")
        if documents.setdefault(name, text) != text:
            raise ValueError(f"its manifest has two documents with the id {name}")
    return documents


def _weight(text: str) -> int:
    return _BYTES_PER_ENTRY + len(text) * (1 if text.isascii() else _BYTES_PER_WIDE_CHARACTER)


def _required(query: str | None) -> str:
    if query is None:
        raise RequestError(400, "`query` must be a GraphQL document.")
    return query


def _untrusted() -> RequestError:
    return RequestError(403, "Only documents on the server's list may run.", code="FORBIDDEN")


def _unknown(message: str) -> DocumentError:
    """Apollo's clients know these messages, and send the document after the first of them."""
    return DocumentError([GraphQLError(message, extensions={"code": _CODES[message]})])
