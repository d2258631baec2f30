"""uvicorn's HTTP protocol with bounds on what is read before a request is one: it has none of its own.

Without them a client could send a head, or trailers after a body in chunks, for as long as it likes and make the server
keep all of it; or open connections and send nothing; or have it keep many bodies that do not end, also those that are
not read, of which uvicorn takes up to 320 KiB.

It also ignores `Upgrade`, but to WebSocket, as HTTP allows and clients expect that offer HTTP/2 with it: uvicorn would
lose the body.
"""

import asyncio
from typing import ClassVar, cast

import httptools
import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api.http.access_log import LogLine
from api.http.headers import HeaderError, combined
from api.http.responses import request_id
from api.http.unfinished import REFUSED, STREAMED, UnfinishedBodies
from api.http.unread import UnreadResponses

# What chunks may have around each byte of a body: one byte in a chunk of its own has five, without extensions.
_FRAME = 16

# Most bodies are smaller than this and arrive in one piece, so counting them is not worth its time.
_UNCOUNTED = 4096

# How long a response waits for its client to stop sending, and what may arrive meanwhile. A connection that is closed
# with bytes that nobody read is reset, and takes along the response that the client has not read yet.
_LINGER_SECONDS = 10.0
_LINGER_BYTES = 32 * 1024 * 1024

_CODE = "BAD_USER_INPUT"
_REASONS = {400: b"Bad Request", 431: b"Request Header Fields Too Large"}


class BoundedProtocol(HttpToolsProtocol):
    """Refuses heads over `max_head_bytes` with 431; closes a connection whose head takes over `head_seconds`."""

    max_head_bytes: ClassVar[int]
    head_seconds: ClassVar[float]
    unread: ClassVar[UnreadResponses]
    unfinished: ClassVar[UnfinishedBodies]

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]  # as in uvicorn
        super().connection_made(transport)
        self._in_head = True
        self._too_large = self._lingers = False
        self._closing = _ClosesWhenRead(self)
        self._reason = ""
        self.url = b""
        self._chunk = self._read = self._body = 0
        self._head_timer: asyncio.TimerHandle | None = self.loop.call_later(self.head_seconds, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        self.unread.end(self.transport)
        self.unfinished.end(self)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self.unread.begin(self.transport, self.loop)

    def resume_writing(self) -> None:
        super().resume_writing()
        self.unread.end(self.transport)

    def data_received(self, data: bytes) -> None:
        self._chunk = len(data)
        self._read += self._chunk
        if self._lingers:  # it is thrown away as it is, and no longer parsed
            if self._read > _LINGER_BYTES:
                self.transport.close()
            return
        self._unset_keepalive_if_required()
        try:
            self._feed(data)
        except httptools.HttpParserError:
            self.send_400_response(self._reason or "Invalid HTTP request received.")
            return
        if self._in_head and self._read and self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self.transport.close)
        allowed = self.max_head_bytes if self._in_head else self.max_head_bytes + _FRAME * self._body
        if self._read - self._body > allowed and not self.transport.is_closing():
            self._refuse()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._read, self._body = self._chunk, 0

    def on_header(self, name: bytes, value: bytes) -> None:
        if (
            self._in_head
        ):  # else it is a trailer, after the body: it must not set a token or any other header of the request
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        # Only a head that arrived with that many bytes can be too large, and has to be measured.
        if self._read > self.max_head_bytes and self._size() > self.max_head_bytes:
            self._too_large = True
            raise ValueError  # which the parser reports as a request that it cannot read
        self._in_head = False
        self._stop_timer()
        if self.parser.should_upgrade():
            if self._should_upgrade():
                super().on_headers_complete()
            return
        try:
            self.headers[:] = combined(self.headers, self.parser.get_http_version())
        except HeaderError as error:
            self._reason = str(error)
            raise
        super().on_headers_complete()
        self.cycle.transport = cast("asyncio.Transport", self._closing)

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        super().on_body(body)
        if STREAMED in self.cycle.scope:
            self.unfinished.end(self)
        elif self._body > _UNCOUNTED and not self.cycle.response_complete:
            self.unfinished.grow(self, self._body)

    def refuse_body(self) -> None:
        """Wake who reads the body, and answers; where the response has begun, nobody does."""
        if self.cycle.response_started:
            self.transport.abort()
        else:
            cast("dict[str, object]", self.cycle.scope)[REFUSED] = True
            self.cycle.message_event.set()

    def on_message_complete(self) -> None:
        if self.parser.should_upgrade():
            return
        super().on_message_complete()
        if self._body > _UNCOUNTED:
            self.unfinished.end(self)
        self._in_head = True
        self._read = self._body = 0

    def on_response_complete(self) -> None:
        """Drop the part of the body that was not read. The rest of it and the next head share one timeout."""
        if self._lingers:  # no request that came behind it is served
            self.server_state.total_requests += 1
            self.cycle.body = bytearray()
            self.unfinished.end(self)
            self.flow.resume_reading()
            return
        super().on_response_complete()
        if self.cycle.response_complete:  # else it is that of a request which came after this one
            self.cycle.body = bytearray()
            if not self._in_head:
                self.unfinished.end(self)
                self._head_timer = self.loop.call_later(self.head_seconds, self.transport.close)

    def _feed(self, data: bytes) -> None:
        """Parse. Where the parser stops because an upgrade is asked for, the head is read anew without that wish."""
        rest = memoryview(data)
        while True:
            try:
                self.parser.feed_data(rest)
            except httptools.HttpParserUpgrade as stop:
                if self._should_upgrade():
                    self._stop_timer()
                    self.handle_websocket_upgrade()
                    return
                rest = rest[stop.args[0] :]
            else:
                return
            head = self._head_without_upgrade()
            self.parser = httptools.HttpRequestParser(self)
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
            self.parser.feed_data(head)

    def _should_upgrade(self) -> bool:
        return super()._should_upgrade() and self.parser.get_method() == b"GET"

    def _head_without_upgrade(self) -> bytes:
        method = self.parser.get_method()
        if method == b"CONNECT":  # whose target is no path, and which stops the parser whatever the head says
            raise httptools.HttpParserInvalidMethodError
        lines = [b"%b %b HTTP/%b" % (method, self.url, self.parser.get_http_version().encode())]
        lines += [b"%b: %b" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join((*lines, b"", b""))

    def _size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self) -> None:
        self._too_large = True
        self.send_400_response("")

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, in the words of all our refusals. uvicorn calls this."""
        self._stop_timer()
        status = 431 if self._too_large else 400
        message = f"The head is larger than {self.max_head_bytes} bytes." if self._too_large else msg
        line = self._line()
        error = {"message": message, "extensions": {"code": _CODE, "requestId": line.request_id}}
        body = orjson.dumps({"errors": [error]})
        head = (
            b"HTTP/1.1 %d %b" % (status, _REASONS[status]),
            b"content-type: application/json; charset=utf-8",
            b"content-length: %d" % len(body),
            b"cache-control: no-store",
            b"x-content-type-options: nosniff",
            b"x-request-id: " + line.request_id.encode(),
            b"connection: close",
        )
        self.transport.write(b"\r\n".join((*head, b"", body)))
        cycle = cast("RequestResponseCycle | None", self.cycle)
        if cycle is not None and not cycle.response_complete:  # it would write after the end
            self.transport.close()
        else:
            self.close_when_read()
        line.status = status
        line.end()

    def close_after_response(self) -> None:
        """What uvicorn takes for closing the transport, after a response that ends the connection."""
        if self._in_head:
            self.transport.close()
        else:
            self.close_when_read()

    def close_when_read(self) -> None:
        """Close as soon as the client does, which has then read the response, or when it takes too long over it."""
        if self.transport.is_closing() or not self.transport.can_write_eof():
            self.transport.close()
            return
        self._lingers = True
        self._read = 0
        self._stop_timer()
        self.transport.write_eof()
        self._head_timer = self.loop.call_later(_LINGER_SECONDS, self.transport.close)

    def _line(self) -> LogLine:
        """The line of a request that is refused here, with as much of its head as was read."""
        target, method = self.url, "-"
        if target:  # else the parser has read no method, and names another
            method = self.parser.get_method().decode("latin-1")
        line = LogLine(method, target.partition(b"?")[0].decode("latin-1") or "-")
        line.request_id = request_id(None).decode()
        line.codes = (_CODE,)
        return line


class _ClosesWhenRead:
    """A connection's transport as its responses see it."""

    def __init__(self, protocol: BoundedProtocol) -> None:
        self._protocol = protocol
        self.write = protocol.transport.write
        self.is_closing = protocol.transport.is_closing

    def close(self) -> None:
        self._protocol.close_after_response()


def bounded(
    max_head_bytes: int,
    head_seconds: float = 10,
    unread: UnreadResponses | None = None,
    unfinished: UnfinishedBodies | None = None,
) -> type[BoundedProtocol]:
    """The protocol with these bounds, as uvicorn takes it: a class."""
    bounds = {
        "max_head_bytes": max_head_bytes,
        "head_seconds": head_seconds,
        "unread": unread or UnreadResponses(),
        "unfinished": unfinished or UnfinishedBodies(),
    }
    return type("Protocol", (BoundedProtocol,), bounds)
