"""Writes the response to a request: status, headers and body, with one shape for every error."""

import asyncio
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from random import getrandbits
from typing import Any, NamedTuple, cast

import orjson
from graphql import GraphQLError, GraphQLFormattedError
from starlette.types import Send

from api.http.media_types import GRAPHQL, JSON, media_type
from api.http.requests import RETRY_SOON, Header, RequestError

PresentErrors = Callable[[Sequence[GraphQLError], str], list[GraphQLFormattedError]]

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_OPTIONS = orjson.OPT_UTC_Z
_CONTENT_TYPES = {kind: (b"content-type", kind + b"; charset=utf-8") for kind in (JSON, GRAPHQL)}
_REFUSED = {"ACCOUNT_SUSPENDED", "ACCOUNT_DELETED", "FORBIDDEN"}
MAX_BYTES = 16 * 1024 * 1024
# A response that cost less has fewer bytes than that: a point stands for a thousand characters at most, six bytes of
# JSON each, with an alias of a hundred; only `__typename` is free, once for each object.
_EXPENSIVE = 2000
_YIELD_BYTES = 32 * 1024  # how much of an expensive response is serialised before other tasks run
_FEW = 8
_TRANSIENT = frozenset({"OVERLOADED", "TIMEOUT"})
_TOO_MANY_REQUESTS = 429
_PAUSE_SECONDS = 0.1
_NO_STORE = (b"cache-control", b"no-store")
_NO_SNIFF = (b"x-content-type-options", b"nosniff")


class RenderedResponse(NamedTuple):
    """Status, body and headers of a response, without the headers that all responses have."""

    status: int
    body: bytes | bytearray
    headers: tuple[Header, ...] = ()

    def with_headers(self, *headers: Header) -> "RenderedResponse":
        return self._replace(headers=(*self.headers, *headers)) if headers else self


def request_id(given: bytes | None) -> bytes:
    """The client's own id of the request if it is valid, else a new one."""
    return given if given is not None and _REQUEST_ID.fullmatch(given) else b"%016x" % getrandbits(64)


class ResponseWriter:
    """Renders and sends the response to one request."""

    __slots__ = ("_kind", "_origin", "_present", "codes", "request_id")

    def __init__(
        self,
        accept: bytes | None,
        given_id: bytes | None,
        present: PresentErrors,
        origin: tuple[Header, ...],
    ) -> None:
        """`origin` are the headers that let a page of another origin read the response."""
        self._kind = media_type(accept)
        self.request_id = request_id(given_id).decode()
        self.codes: Sequence[str] = ()
        self._present = present
        self._origin = origin

    def require_acceptable(self) -> None:
        if self._kind is None:
            raise RequestError(406, "Answers come as application/json or application/graphql-response+json.")

    @property
    def own_headers(self) -> tuple[Header, ...]:
        """What is in the head of every response: its id, and which pages may read it."""
        return ((b"x-request-id", self.request_id.encode()), *self._origin)

    async def send(self, answer: RenderedResponse, send: Send) -> None:
        status, body, headers = answer
        if status == _TOO_MANY_REQUESTS:
            await asyncio.sleep(_PAUSE_SECONDS)  # refusing a flood at full speed would keep others waiting
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": (
                    _CONTENT_TYPES[self._kind or JSON],
                    (b"content-length", b"%d" % len(body)),
                    _NO_STORE,
                    _NO_SNIFF,
                    *headers,
                    *self.own_headers,
                ),
            }
        )
        await send({"type": "http.response.body", "body": body})

    async def executed(
        self, data: dict[str, Any] | None, errors: list[GraphQLError], cost: Mapping[str, int], *, wrote: bool = False
    ) -> RenderedResponse:
        """`cost` is reported in the extensions; it also decides whether the response is serialised in parts.

        After something was written, the status never says that nothing was done.
        """
        extensions = {"cost": cost}
        body: dict[str, object] = {"data": data, "extensions": extensions}
        status, headers = 200, ()
        if errors:
            body = {"errors": self._presented(sorted(errors, key=_place)), **body}
            answered = wrote or any(value is not None for value in (data or {}).values())
            status, headers = (200, ()) if answered else _status_of(self.codes, 200)
        text = (
            await bounded_json(body, MAX_BYTES) if cost["actual"] > _EXPENSIVE else orjson.dumps(body, option=_OPTIONS)
        )
        if text is not None and len(text) <= MAX_BYTES:
            return RenderedResponse(status, text, headers)
        message = (
            f"The answer is larger than {MAX_BYTES} bytes and was not sent. What a mutation has written is stored."
        )
        presented = self._presented([GraphQLError(message, extensions={"code": "COST_LIMIT"})])
        return RenderedResponse(200, orjson.dumps({"errors": presented, "data": None, "extensions": extensions}))

    def not_executed(self, errors: list[GraphQLError]) -> RenderedResponse:
        """A request that cannot run is 400 to those who know the newer media type, and 200 to the others."""
        presented = self._presented(errors)
        status, headers = _status_of(self.codes, 400 if self._kind == GRAPHQL else 200)
        return RenderedResponse(status, orjson.dumps({"errors": presented}), headers)

    def refused(self, error: RequestError) -> RenderedResponse:
        presented = self._presented([GraphQLError(str(error), extensions={"code": error.code})])
        return RenderedResponse(error.status, orjson.dumps({"errors": presented}), error.headers)

    def _presented(self, errors: list[GraphQLError]) -> list[GraphQLFormattedError]:
        presented = self._present(errors, self.request_id)
        self.codes = tuple(error.get("extensions", {}).get("code", "") for error in presented)
        return presented


def _place(error: GraphQLError) -> tuple[list[tuple[int, int]], str]:
    """The position of its field in the document: errors are sorted by it, not by when they happened."""
    return [(place.line, place.column) for place in error.locations or ()], str(error.path)


async def bounded_json(value: object, most: int) -> bytearray | None:
    """The value as JSON, None as soon as it is known to have more than so many bytes.

    Yields to other tasks in between: megabytes take longer to serialise than a small request takes as a whole.
    """
    text = bytearray()
    next_yield = _YIELD_BYTES
    for piece in _pieces(value):
        text += piece
        if len(text) > most:
            return None
        if len(text) > next_yield:
            next_yield = len(text) + _YIELD_BYTES
            await asyncio.sleep(0)
    return text


def _pieces(value: Any) -> Iterator[bytes]:
    """The JSON of a value in pieces: one for each object of a few leaves, and for each leaf elsewhere."""
    if isinstance(value, dict) and not _is_small(cast("dict[str, Any]", value).values()):
        opening = b"{"
        for key, item in cast("dict[str, Any]", value).items():
            yield b"%b%b:" % (opening, orjson.dumps(key))
            yield from _pieces(item)
            opening = b","
        yield b"}"
    elif isinstance(value, list) and not _is_small(cast("list[Any]", value)):
        opening = b"["
        for item in cast("list[Any]", value):
            yield opening
            yield from _pieces(item)
            opening = b","
        yield b"]"
    else:
        yield orjson.dumps(value, option=_OPTIONS)


def _is_small(values: Collection[object]) -> bool:
    """Whether these are few, and leaves: not much to write at once."""
    return len(values) <= _FEW and not any(isinstance(value, dict | list) for value in values)


def _status_of(codes: Sequence[str], otherwise: int) -> tuple[int, tuple[Header, ...]]:
    """The status and headers of a response with nothing but errors; 503 where retrying may help with all of them."""
    if codes[0] == "UNAUTHENTICATED":
        return 401, ((b"www-authenticate", b"Bearer"),)
    if _TRANSIENT.issuperset(codes):
        return 503, (RETRY_SOON,)
    return (403 if codes[0] in _REFUSED else otherwise), ()
