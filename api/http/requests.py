"""From an HTTP request to a GraphQL request, or to the reason why it is none."""

import re
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope

from api.http.watch import ClientLeftError

Headers = dict[bytes, bytes]
"""The headers of a request by their lower-case names; of one that was sent twice, the last."""

MAX_BODY_BYTES = 1024 * 1024
_HOST = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_KEYS = {"query", "variables", "operationName", "extensions"}


class RequestError(Exception):
    """The HTTP request carries no GraphQL request."""

    def __init__(self, status: int, message: str, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


class GraphQLRequest(NamedTuple):
    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


def address_of(scope: Scope, headers: Headers) -> str:
    """How the client reached the server: scheme, host and the path that the application is mounted under."""
    host = headers.get(b"host")
    if host is None or not _HOST.fullmatch(host):
        name, port = scope.get("server") or ("localhost", None)
        host = (name if port is None else f"{name}:{port}").encode()
    return f"{scope['scheme']}://{host.decode()}{scope.get('root_path', '')}"


async def read_request(scope: Scope, headers: Headers, receive: Receive) -> GraphQLRequest:
    """The GraphQL request that an HTTP request carries, else RequestError or ClientLeftError."""
    method = scope["method"]
    if method == "GET":
        return _from_query_string(scope["query_string"])
    if method != "POST":
        raise RequestError(405, "Send a POST request, or a GET request with a query.", (b"allow", b"GET, POST"))
    content_type = headers.get(b"content-type", b"")
    if content_type != b"application/json" and content_type.partition(b";")[0].strip().lower() != b"application/json":
        raise RequestError(415, "Send the request as application/json.", (b"accept", b"application/json"))
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise RequestError(415, "Send the body as it is, not compressed.", (b"accept-encoding", b"identity"))
    return _parsed(_json(await _body(receive), "The body"))


async def _body(receive: Receive) -> bytes:
    """The body, refused as soon as it grows too large. Most come whole, with the first message."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeftError
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            # The rest of the body is not read, so the connection cannot serve another request.
            raise RequestError(413, f"The body is larger than {MAX_BODY_BYTES} bytes.", (b"connection", b"close"))
        if not message.get("more_body", False):
            return b"".join((*chunks, chunk)) if chunks else chunk
        chunks.append(chunk)


def _from_query_string(query_string: bytes) -> GraphQLRequest:
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise RequestError(400, "The query string is not valid UTF-8.") from None
    given: dict[str, Any] = {key: value for key, value in pairs if key in _KEYS}
    for key in ("variables", "extensions"):
        if key in given:
            given[key] = _json(given[key].encode(errors="surrogatepass"), f"`{key}`")
    return _parsed(given)


def _json(text: bytes, what: str) -> Any:
    """JSON as orjson reads it: it refuses invalid UTF-8, lone surrogates, and nesting deeper than 1024."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RequestError(400, f"{what} is not valid JSON: {error}.") from None
    # Postgres cannot store NUL, so no text of ours may hold it. Only an escape can bring it here.
    if b"\\u0000" in text and _holds_nul(value):
        raise RequestError(400, f"{what} holds text with the character NUL, which cannot be stored.")
    return value


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, list):
        return any(map(_holds_nul, cast("list[object]", value)))
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(item) for key, item in cast("dict[str, object]", value).items())
    return False


def _parsed(given: object) -> GraphQLRequest:
    if not isinstance(given, dict):
        raise RequestError(400, "The request must be one JSON object; batches are not supported.")
    found = cast("dict[str, object]", given)
    query, variables, name = found.get("query"), found.get("variables"), found.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise RequestError(400, "`query` must be a GraphQL document.")
    for key in ("variables", "extensions"):
        if not isinstance(found.get(key), dict | None):
            raise RequestError(400, f"`{key}` must be an object.")
    if name is not None and not isinstance(name, str):
        raise RequestError(400, "`operationName` must be a string.")
    return GraphQLRequest(query, cast("dict[str, Any] | None", variables), name or None)
