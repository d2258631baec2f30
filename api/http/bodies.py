"""Receives the body of a request, charges its caller for the bytes, and only then parses it.

Receiving and parsing take time of the event loop, which has a price like everything else: see docs/adr/0021. A body is
charged as soon as its length is known: when it is declared, else as the body grows.
"""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

from starlette.types import Message

from api.http.admission import Admission
from api.http.cancellation import ClientDisconnectedError
from api.http.operation import Caller
from api.http.requests import (
    RETRY_SOON,
    GraphQLRequest,
    Headers,
    RequestError,
    RequestLimits,
    from_body,
    from_query_string,
    require_json_body,
)
from api.http.unfinished import REFUSED

FREE_BYTES = 4096  # covered by the price of the operation or of the refusal
BYTES_PER_POINT = 100  # the slowest bodies that we measured took 6 ms for 1 MB, and 0.5 ms for 30 kB of empty lists
_BYTES_PER_ESCAPE = 5  # decoding one escape like %41 takes as long as parsing so many bytes of a body
LARGE_BYTES = 64 * 1024
LARGE_AT_ONCE = 8
_CLOSE = (b"connection", b"close")
_NO_ROOM = "The server has too many unfinished bodies. Try again in a moment."

Charge = Callable[[bytes, int], None]


def price(size: int) -> int:
    """The points that a request of so many bytes costs."""
    return max(size - FREE_BYTES, 0) // BYTES_PER_POINT


class BodyReader:
    """Reads requests. `charge` takes points from a caller, and raises RequestError or DocumentError if it cannot.

    Each caller may send LARGE_AT_ONCE bodies over LARGE_BYTES at a time; another is refused with 429.
    """

    def __init__(self, limits: RequestLimits, charge: Charge) -> None:
        self._limits = limits
        self._charge = charge
        self._large = Admission(at_once=LARGE_AT_ONCE, waiting=0, what="large bodies")
        self._parsing = asyncio.Lock()

    async def read(self, caller: Caller, payer: bytes) -> GraphQLRequest:
        """The GraphQL request of an HTTP request, else RequestError, DocumentError or ClientDisconnectedError."""
        method = caller.scope["method"]
        if method == "GET":
            query_string: bytes = caller.scope["query_string"]
            size = len(query_string)
            if size > FREE_BYTES // _BYTES_PER_ESCAPE:
                self._pay(payer, price(size + (_BYTES_PER_ESCAPE - 1) * query_string.count(b"%")))
            return from_query_string(query_string)
        require_json_body(method, caller.headers)
        message = await caller.receive()
        if message["type"] == "http.request" and not message.get("more_body", False):
            body: bytes = message.get("body", b"")
            if len(body) <= FREE_BYTES and len(body) <= self._limits.body_bytes:
                return from_body(body)
        body = await self._received(message, caller, payer)
        async with self._parsing:  # one at a time, so that other requests run in between
            await asyncio.sleep(0)
            return from_body(body)

    async def _received(self, message: Message, caller: Caller, payer: bytes) -> bytes:
        """The whole body, refused as soon as it is known to be too large or cannot be paid for."""
        body, size, paid, is_large = bytearray(), _declared(caller.headers), 0, False
        try:
            async with asyncio.timeout(self._limits.body_seconds), AsyncExitStack() as slots:
                while True:
                    if message["type"] == "http.disconnect":
                        raise ClientDisconnectedError
                    if REFUSED in caller.scope:
                        raise RequestError(503, _NO_ROOM, _CLOSE, RETRY_SOON, code="OVERLOADED")
                    body += message.get("body", b"")
                    size = max(size, len(body))
                    if size > self._limits.body_bytes:
                        raise _too_large(self._limits.body_bytes)
                    is_whole = not message.get("more_body", False)
                    if size > LARGE_BYTES and not is_large and not is_whole:
                        is_large = True
                        await slots.enter_async_context(self._large.of(payer))
                    self._pay(payer, price(size) - paid)
                    paid = price(size)
                    if is_whole:
                        return bytes(body)
                    message = await caller.receive()
        except TimeoutError:
            raise RequestError(408, "The body did not come in time.", _CLOSE, code="TIMEOUT") from None

    def _pay(self, payer: bytes, points: int) -> None:
        if points > 0:
            self._charge(payer, points)


def _declared(headers: Headers) -> int:
    declared = headers.get(b"content-length", b"0")
    return int(declared[:20]) if declared.isdigit() else 0


def _too_large(most: int) -> RequestError:
    """What is left of the body is not read, so the connection can serve no other request."""
    return RequestError(413, f"The body is larger than {most} bytes.", _CLOSE)
