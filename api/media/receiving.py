"""`PUT /media/in/…`: takes the bytes of an upload, straight to the disk.

What can be known before the body is read refuses it: the signature, its end, the type and the length. Nothing of it is
kept in memory, and whoever sends too slowly is cut off.
"""

import asyncio
import errno
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import TypeVar, TypeVarTuple

import anyio
from anyio import CapacityLimiter, to_thread
from graphql import GraphQLError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.http.access_log import note_codes
from api.http.cancellation import ClientDisconnectedError
from api.http.cors import Origins
from api.http.rate_limit import caller_address
from api.http.requests import RETRY_SOON, Headers, RequestError
from api.http.responses import PresentErrors, ResponseWriter
from api.http.unfinished import REFUSED, STREAMED
from api.media.addresses import Addresses, Ticket
from api.media.store import INCOMING, Incoming, Store, TakenError

log = logging.getLogger("vrss.media")

# Of one network address there are as many as it may have without keeping the others out.
AT_ONCE_PER_ACCOUNT, AT_ONCE_PER_ADDRESS, AT_ONCE = 4, 16, 256
IDLE_SECONDS = 30.0
# Of what has not come by then, nothing comes: an hour after the address has expired, its key is swept.
LAST_SECONDS = 45 * 60.0
GRACE_SECONDS, _LEAST_BYTES_PER_SECOND = 30.0, 4096
_THREADS = 4
_CLOSE = (b"connection", b"close")
_DISK_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))

Given = TypeVarTuple("Given")
ResultT = TypeVar("ResultT")


class Uploads:
    """The endpoint."""

    def __init__(
        self,
        store: Store,
        addresses: Addresses,
        origins: Origins,
        present_errors: PresentErrors,
        *,
        idle_seconds: float = IDLE_SECONDS,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        """Whoever sends nothing for `idle_seconds` is cut off; after `grace_seconds`, also who sends too little."""
        self._store = store
        self._addresses = addresses
        self._origins = origins
        self._present = present_errors
        self._idle = idle_seconds
        self._grace = grace_seconds
        self._sending = Counter[str]()
        self._from = Counter[bytes]()
        self._threads: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        if self._origins.is_preflight(scope["method"], headers):
            await self._origins.answer_preflight(headers, send, methods=b"PUT")
            return
        origin = self._origins.headers(headers)
        writer = ResponseWriter(headers.get(b"accept"), headers.get(b"x-request-id"), self._present, origin)
        try:
            await self._take(scope, headers, receive)
        except ClientDisconnectedError:
            return
        except RequestError as error:
            refusal = writer.refused(error)
        except Exception as error:  # noqa: BLE001  # every exception is presented or masked
            refusal = writer.not_executed([GraphQLError(str(error), original_error=error)])._replace(status=500)
        else:
            taken = Response(status_code=200, headers={"Cache-Control": "no-store"})
            taken.raw_headers += origin
            await taken(scope, receive, send)
            return
        note_codes(scope, writer.codes)
        await writer.send(refusal.with_headers(_CLOSE), send)  # the rest of the body is not read

    async def _take(self, scope: Scope, headers: Headers, receive: Receive) -> None:
        ticket = self._ticket(scope, headers)
        with self._place(ticket.owner, caller_address(scope)):
            scope[STREAMED] = True  # its bytes are not kept, so they do not count among those that are
            try:
                await self._receive(ticket, scope, receive)
            except TakenError:
                raise RequestError(412, "These bytes were sent already.", code="CONFLICT") from None
            except OSError as error:
                log.error("an upload could not be stored: %s", error.strerror)  # noqa: TRY400  # it says all there is
                full = error.errno in _DISK_FULL
                message = "There is no room for files." if full else "Files cannot be stored at the moment."
                raise RequestError(503, message, RETRY_SOON, code="OVERLOADED") from error

    def _ticket(self, scope: Scope, headers: Headers) -> Ticket:
        if scope["method"] != "PUT":
            raise RequestError(405, "Bytes are sent by PUT.", (b"allow", b"PUT"))
        key = f"{INCOMING}/{scope['path_params']['key']}"
        ticket = self._addresses.ticket(key, scope["query_string"].decode("latin-1"))
        if ticket is None:
            raise RequestError(403, "This address is not valid, or not any more.", code="FORBIDDEN")
        if headers.get(b"content-type", b"").decode("latin-1") != ticket.mime_type:
            raise RequestError(403, f"Send these bytes as {ticket.mime_type}.", code="FORBIDDEN")
        if b"content-range" in headers:  # a part would be taken for the whole
            raise RequestError(400, "Send the whole file, and no part of it: Content-Range is not taken.")
        length = headers.get(b"content-length")
        if length is None:
            raise RequestError(411, "Say in Content-Length how many bytes there are.")
        if length != b"%d" % ticket.size:
            raise RequestError(403, f"Send exactly {ticket.size} bytes.", code="FORBIDDEN")
        return ticket

    @contextmanager
    def _place(self, owner: str, address: bytes) -> Generator[None]:
        if self._sending[owner] >= AT_ONCE_PER_ACCOUNT:
            message = f"You are sending {AT_ONCE_PER_ACCOUNT} files already: wait for one of them."
            raise RequestError(429, message, RETRY_SOON, code="RATE_LIMITED")
        if self._from[address] >= AT_ONCE_PER_ADDRESS:
            message = "Too many files are being sent from your network address."
            raise RequestError(429, message, RETRY_SOON, code="RATE_LIMITED")
        if self._sending.total() >= AT_ONCE:
            raise RequestError(503, "Too many files are being sent.", RETRY_SOON, code="OVERLOADED")
        self._sending[owner] += 1
        self._from[address] += 1
        try:
            yield
        finally:
            self._sending[owner] -= 1
            self._from[address] -= 1
            if not self._sending[owner]:
                del self._sending[owner]
            if not self._from[address]:
                del self._from[address]

    async def _receive(self, ticket: Ticket, scope: Scope, receive: Receive) -> None:
        incoming = await self._in_thread(self._store.incoming, ticket.key, ticket.size)
        try:
            await self._in_thread(incoming.open)
            await self._copy(ticket, scope, receive, incoming)
            await self._in_thread(incoming.finish)
        finally:
            with anyio.CancelScope(shield=True):
                await self._in_thread(incoming.close)

    async def _copy(self, ticket: Ticket, scope: Scope, receive: Receive, incoming: Incoming) -> None:
        loop, got = asyncio.get_running_loop(), 0
        started = loop.time()
        last = started + max(ticket.until - self._addresses.now(), 0.0) + LAST_SECONDS
        while True:
            try:
                async with asyncio.timeout_at(min(loop.time() + self._idle, last)):
                    message = await receive()
            except TimeoutError:
                raise _too_slow() from None
            if message["type"] == "http.disconnect":
                raise ClientDisconnectedError
            if REFUSED in scope:
                raise RequestError(503, "The server has too many unfinished bodies.", RETRY_SOON, code="OVERLOADED")
            data: bytes = message.get("body", b"")
            got += len(data)
            if got > ticket.size:
                raise RequestError(400, f"Send exactly {ticket.size} bytes.")
            if data:
                await self._in_thread(incoming.write, data)
            if not message.get("more_body", False):
                break
            if got < _LEAST_BYTES_PER_SECOND * (loop.time() - started - self._grace):
                raise _too_slow()
        if got != ticket.size:
            raise RequestError(400, f"Send exactly {ticket.size} bytes.")

    def _in_thread(self, call: Callable[[*Given], ResultT], *given: *Given) -> Awaitable[ResultT]:
        """In one of a few threads of its own, so that a slow disk keeps nobody else waiting."""
        if self._threads is None:
            self._threads = CapacityLimiter(_THREADS)
        return to_thread.run_sync(call, *given, limiter=self._threads)


def _too_slow() -> RequestError:
    return RequestError(408, "The bytes did not come in time.", code="TIMEOUT")
