"""From an HTTP request to a GraphQL request, or to the reason why it is none."""

from typing import Any, NamedTuple, cast

import orjson
from starlette.requests import ClientDisconnect, Request

MAX_BODY_BYTES = 1024 * 1024
_KEYS = {"query", "variables", "operationName", "extensions"}


class RequestError(Exception):
    """The HTTP request carries no GraphQL request."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}


class GraphQLRequest(NamedTuple):
    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


async def read_request(request: Request) -> GraphQLRequest:
    """The GraphQL request that an HTTP request carries, else RequestError."""
    if request.method == "GET":
        return _from_query_string(request)
    if request.method != "POST":
        raise RequestError(405, "Send a POST request, or a GET request with a query.", {"Allow": "GET, POST"})
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise RequestError(415, "Send the request as application/json.", {"Accept": "application/json"})
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RequestError(415, "Send the body as it is, not compressed.", {"Accept-Encoding": "identity"})
    return _parsed(_json(await _body(request), "The body"))


async def _body(request: Request) -> bytes:
    """The body, refused as soon as it grows too large."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise RequestError(413, f"The body is larger than {MAX_BODY_BYTES} bytes.", {"Connection": "close"})
    except ClientDisconnect:
        raise RequestError(400, "The body ended too early.") from None
    return bytes(body)


def _from_query_string(request: Request) -> GraphQLRequest:
    given: dict[str, Any] = dict(request.query_params)
    for key in ("variables", "extensions"):
        if key in given:
            given[key] = _json(given[key].encode(errors="surrogatepass"), f"`{key}`")
    return _parsed({key: value for key, value in given.items() if key in _KEYS})


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
