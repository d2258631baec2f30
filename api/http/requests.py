"""From an HTTP request to a GraphQL request, or to the reason why it is none."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qsl

import orjson
from starlette.types import Scope

from api.http.headers import HOST, Header
from api.http.media_types import JSON

Headers = dict[bytes, bytes]
"""The headers of a request by their lower-case names. Of those that are lists the protocol has joined the lines."""

OWN_SITE = (b"none", b"same-origin")  # typed in or bookmarked, or sent by our own explorer
_KEYS = {"query", "variables", "operationName", "extensions", "documentId"}
_LONGEST_ID = 200
# There are no more values in JSON than these. Ten times what variables may hold, since texts have commas, too: what is
# read is a few milliseconds of work, and a few megabytes.
_MARKS = (b",", b"{", b"[")
_MOST_MARKS = 20_000
_MOST_PARAMETERS = 100


_SCHEMES = {"ws": "http", "wss": "https"}  # a page that opens a socket has the other one in its address

RATE_LIMITED = "RATE_LIMITED"
RETRY_SOON: Header = (b"retry-after", b"1")


class RequestError(Exception):
    """The HTTP request carries no GraphQL request."""

    def __init__(self, status: int, message: str, *headers: Header, code: str = "BAD_USER_INPUT") -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers
        self.code = code


class GraphQLRequest(NamedTuple):
    """The requested document, by its text, by its name or hash, or by both."""

    query: str | None
    variables: dict[str, Any] | None
    operation_name: str | None
    document_id: str | None = None


def address_of(scope: Scope, headers: Headers) -> str:
    """How the client reached the server: scheme, host and the path that the application is mounted under."""
    host = headers.get(b"host")
    if host is None or not HOST.fullmatch(host):
        name, port = scope.get("server") or ("localhost", None)
        host = (name if port is None else f"{name}:{port}").encode()
    scheme = _SCHEMES.get(scope["scheme"], scope["scheme"])
    return f"{scheme}://{host.decode()}{scope.get('root_path', '')}"


class RequestLimits(NamedTuple):
    """The most bytes and seconds that a request body may take."""

    body_bytes: int = 1024 * 1024
    body_seconds: float = 10


def require_json_body(method: str, headers: Headers) -> None:
    """A request that is not GET must be a POST of JSON, as it is."""
    if method != "POST":
        raise RequestError(405, "Send a POST request, or a GET request with a query.", (b"allow", b"GET, POST"))
    content_type = headers.get(b"content-type", b"")
    if content_type != JSON:
        _require_json(content_type)
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise RequestError(415, "Send the body as it is, not compressed.", (b"accept-encoding", b"identity"))


def from_body(body: bytes) -> GraphQLRequest:
    """The GraphQL request that a body of JSON holds."""
    if sum(map(body.count, _MARKS)) > _MOST_MARKS:
        raise RequestError(413, f"The body holds more than {_MOST_MARKS} values.", code="COST_LIMIT")
    return _parsed(_json(body, "The body"))


def from_message(text: bytes) -> dict[str, Any]:
    """The JSON object that a message of a socket is; RequestError where it is none."""
    if sum(map(text.count, _MARKS)) > _MOST_MARKS:
        raise RequestError(413, f"A message holds more than {_MOST_MARKS} values.", code="COST_LIMIT")
    message = _json(text, "The message")
    if not isinstance(message, dict):
        raise RequestError(400, "A message is one JSON object.")
    return cast("dict[str, Any]", message)


def from_payload(payload: object) -> GraphQLRequest:
    """The GraphQL request that a message carries."""
    return _parsed(payload)


def from_query_string(query_string: bytes) -> GraphQLRequest:
    """The GraphQL request that the parameters of a GET request are."""
    if query_string.count(b"&") >= _MOST_PARAMETERS:
        raise RequestError(400, f"The query string holds more than {_MOST_PARAMETERS} parameters.")
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise RequestError(400, "The query string is not valid UTF-8.") from None
    known = [(key, value) for key, value in pairs if key in _KEYS]
    given: dict[str, Any] = dict(known)
    if len(given) != len(known):
        raise RequestError(400, "A parameter of the query string is given more than once.")
    for key in ("variables", "extensions"):
        if key in given:
            given[key] = _json(given[key].encode(errors="surrogatepass"), f"`{key}`")
    return _parsed(given)


def refuse_other_sites(headers: Headers) -> None:
    """A page of another site may not have a browser send a query: it needs no preflight for a GET, as it does for JSON.

    Browsers send where a request comes from; other clients, which store no cookies of users, do not.
    """
    if headers.get(b"sec-fetch-site", b"none") not in OWN_SITE:
        raise RequestError(403, "Pages of other sites must send POST requests.", code="FORBIDDEN")


def _require_json(content_type: bytes) -> None:
    kind, _, parameters = content_type.lower().partition(b";")
    charset = re.search(rb"charset\s*=\s*\"?([^\s\";]+)", parameters)
    if kind.strip() != JSON or (charset and charset[1] not in (b"utf-8", b"utf8")):
        raise RequestError(415, "Send the request as application/json, in UTF-8.", (b"accept", JSON))


def _json(text: bytes, what: str) -> Any:
    """JSON as orjson reads it: it refuses invalid UTF-8, lone surrogates, and nesting deeper than 1024."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RequestError(400, f"{what} is not valid JSON: {error}.") from None
    # Postgres cannot store NUL, so no text of ours may hold it. Only an escape can bring it here, and none that belongs
    # to an escaped backslash: without these what is left of a run of backslashes is one, or nothing.
    if b"\\u0000" in text and b"\\u0000" in text.replace(b"\\\\", b""):
        raise RequestError(400, f"{what} holds text with the character NUL, which cannot be stored.")
    return value


def _parsed(given: object) -> GraphQLRequest:
    if not isinstance(given, dict):
        raise RequestError(400, "The request must be one JSON object; batches are not supported.")
    found = cast("dict[str, object]", given)
    query, variables, name = found.get("query"), found.get("variables"), found.get("operationName")
    extensions = found.get("extensions")
    if query is not None and (not isinstance(query, str) or not query.strip()):
        raise RequestError(400, "`query` must be a GraphQL document.")
    if not isinstance(variables, dict | None) or not isinstance(extensions, dict | None):
        raise RequestError(400, "`variables` and `extensions` must be objects.")
    if name is not None and not isinstance(name, str):
        raise RequestError(400, "`operationName` must be a string.")
    identity = _document_id(found, cast("object", extensions)) if extensions or "documentId" in found else None
    return GraphQLRequest(query, cast("dict[str, Any] | None", variables), name or None, identity)


def _document_id(found: Mapping[str, object], extensions: object) -> str | None:
    """The name of the document: `documentId`, or the hash of an automatic persisted query."""
    identity = found.get("documentId")
    persisted = cast("dict[str, object]", extensions or {}).get("persistedQuery")
    if identity is None and persisted is not None:
        given = cast("dict[str, object]", persisted) if isinstance(persisted, dict) else {}
        if given.get("version", 1) != 1:
            raise RequestError(400, "`persistedQuery` must have version 1.")
        identity = given.get("sha256Hash", "")
    if identity is None:
        return None
    if not isinstance(identity, str) or not 0 < len(identity) <= _LONGEST_ID:
        raise RequestError(400, "The hash or `documentId` must be a string that is not empty.")
    return identity.removeprefix("sha256:")
