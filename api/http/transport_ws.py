"""GraphQL over WebSocket: the protocol graphql-transport-ws, exactly as it is specified.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. Operations of all kinds take the path of all others;
what a socket adds are its own bounds, and that it ends with the session that it belongs to.
"""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import ExitStack, suppress
from typing import Any, NamedTuple, cast

import orjson
from graphql import OperationType
from starlette.types import Message, Receive, Scope, Send

from api.execution.operations import DocumentError
from api.http.access_log import LogLine
from api.http.bodies import price
from api.http.operation import Caller
from api.http.progress import Result, fault
from api.http.refusals import refusal
from api.http.requests import GraphQLRequest, Headers, RequestError, from_message, from_payload
from api.http.responses import PresentErrors, ResponseWriter
from api.http.subscriptions import Subscriptions

PROTOCOL = "graphql-transport-ws"
_LONGEST_ID = 200
_LONGEST_REASON = 120  # bytes: a frame that closes a socket holds no more
_ONCE = (OperationType.QUERY, OperationType.MUTATION)

log = logging.getLogger("vrss.live")


class SocketLimits(NamedTuple):
    """What one socket may take: seconds until it has introduced itself, between pings, for a pong; operations."""

    init_seconds: float = 10
    ping_seconds: float = 30
    pong_seconds: float = 10
    operations: int = 50


class CloseError(Exception):
    """The socket has to be closed, with a code of the protocol's."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Socket:
    """One connection that has been accepted."""

    def __init__(
        self,
        subscriptions: Subscriptions,
        present: PresentErrors,
        limits: SocketLimits,
        connection: tuple[Scope, Headers, Receive, Send],
    ) -> None:
        self._subscriptions = subscriptions
        self._present = present
        self._limits = limits
        self._scope, self._headers, self._receive, self._transport_send = connection
        self._closed = False
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()  # all of them, those of operations that were completed too
        self._initialised = self._acknowledged = False
        self._payer: bytes | None = None
        self._guarding = ExitStack()
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    async def run(self) -> None:
        """Until either side closes."""
        self._close_later(self._limits.init_seconds, 4408, "Connection initialisation timeout")
        try:
            while (message := await self._receive())["type"] != "websocket.disconnect":
                try:
                    await self._take(message)
                except CloseError as error:
                    await self._close(error.code, error.reason)
        finally:
            self._closed = True
            self._stop_timer()
            self._guarding.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take(self, message: Message) -> None:
        text = message.get("text")
        if text is None:
            raise CloseError(4400, "Messages are JSON, as text")
        given = self._read(text)
        payload = given.get("payload")
        match given.get("type"):
            case "connection_init":
                await self._initialise(payload)
            case "ping":
                await self._send({"type": "pong", **({} if payload is None else {"payload": payload})})
            case "pong":
                if self._acknowledged:
                    self._ping_later()
            case "subscribe":
                self._subscribe(given.get("id"), payload)
            case "complete" if isinstance(given.get("id"), str):
                task = self._operations.pop(given["id"], None)
                if task is not None:
                    task.cancel()
            case _:
                raise CloseError(4400, "This is no message of graphql-transport-ws")

    def _read(self, text: str) -> dict[str, Any]:
        """What a message holds. Its bytes have a price, as those of a body do, and a point comes on top."""
        body = text.encode(errors="surrogatepass")
        caller = self._caller(None)
        operations = self._subscriptions.operations
        try:
            payer = self._payer or operations.payer(caller, operations.identify(self._scope, self._headers))
            operations.charge_reading(payer, 1 + price(len(body)))
        except (RequestError, DocumentError):
            raise CloseError(1013, "You have asked for too much: try again later") from None
        try:
            return from_message(body)
        except RequestError as error:
            raise CloseError(4400, str(error)) from None

    async def _initialise(self, payload: object) -> None:
        if self._initialised:
            raise CloseError(4429, "Too many initialisation requests")
        self._initialised = True
        if not isinstance(payload, dict | None):
            raise CloseError(4400, "The payload is an object")
        given = {name.lower(): value for name, value in cast("dict[str, object]", payload or {}).items()}
        token = given.get("authorization")
        if token is not None:
            if not isinstance(token, str) or not token.isascii():
                raise CloseError(4403, "Forbidden")
            self._headers[b"authorization"] = token.encode()
        try:
            identity = await self._subscriptions.identity(self._caller(None))
        except Exception as error:  # noqa: BLE001  # whatever it is, a client may come back
            log.warning("a socket could not be opened: %s", error)
            raise CloseError(1013, "Try again later") from None
        if b"authorization" in self._headers and identity.account is None:
            raise CloseError(4403, "Forbidden")
        self._payer = identity.account
        self._guarding.enter_context(self._subscriptions.guard(identity, self._on_session_over))
        self._acknowledged = True
        self._ping_later()
        await self._send({"type": "connection_ack"})

    def _caller(self, line: LogLine | None) -> Caller:
        return Caller(self._scope, self._headers, _never, line or LogLine("WS", self._scope["path"]))

    def _subscribe(self, key: object, payload: object) -> None:
        if not self._acknowledged:
            raise CloseError(4401, "Unauthorized")
        if not isinstance(key, str) or not 0 < len(key) <= _LONGEST_ID:
            raise CloseError(4400, f"An id is a string of 1 to {_LONGEST_ID} characters")
        if key in self._operations:
            raise CloseError(4409, f"Subscriber for {key} already exists")
        try:
            request = from_payload(payload)
        except RequestError as error:
            raise CloseError(4400, str(error)) from None
        is_full = len(self._operations) >= self._limits.operations
        self._operations[key] = self._begin(self._operate(key, request, is_full=is_full))

    async def _operate(self, key: str, request: GraphQLRequest, *, is_full: bool) -> None:
        """One operation from its request to `complete`, or `error`."""
        writer = ResponseWriter(None, None, self._present, ())
        line = LogLine("WS", self._scope["path"])
        line.request_id = writer.request_id
        caller = self._caller(line)
        task = self._operations.get(key)
        try:
            if is_full:
                message = f"A socket takes {self._limits.operations} operations at once."
                raise RequestError(429, message, code="RATE_LIMITED")  # noqa: TRY301
            await self._answer(key, request, caller, writer)
            line.status = 200
            if self._operations.get(key) is task:
                await self._send({"type": "complete", "id": key})
        except (RequestError, DocumentError) as error:
            await self._refuse(key, refusal(self._subscriptions.operations, writer, caller, error).body)
        except Exception as error:  # noqa: BLE001  # an unexpected exception is masked like any fault
            await self._refuse(key, writer.not_executed([fault(error)]).body)
        finally:
            if self._operations.get(key) is task:
                del self._operations[key]
            line.codes = writer.codes
            line.end()

    async def _answer(self, key: str, request: GraphQLRequest, caller: Caller, writer: ResponseWriter) -> None:
        subscriptions = self._subscriptions
        operations, identity = subscriptions.operations, await subscriptions.identity(caller)
        operation = await operations.find(request, operations.payer(caller, identity))
        if operation.kind is not OperationType.SUBSCRIPTION:
            result = await operations.run(request, caller, identity, _ONCE)
            if result.cost is None:
                raise DocumentError(result.errors)
            await self._next(key, writer, result)
            return
        opened = await subscriptions.open(request, caller, identity)
        try:
            async for event in subscriptions.events(opened, caller):
                await self._next(key, writer, event.result)
        finally:
            await opened.aclose()

    async def _next(self, key: str, writer: ResponseWriter, result: Result) -> None:
        answer = await writer.executed(result.data, result.errors, result.cost or {}, wrote=result.wrote)
        await self._send_text(b'{"id":%b,"type":"next","payload":%b}' % (orjson.dumps(key), answer.body))

    async def _refuse(self, key: str, body: bytes | bytearray) -> None:
        await self._send({"id": key, "type": "error", "payload": orjson.loads(body)["errors"]})

    async def _send(self, message: dict[str, object]) -> None:
        await self._send_text(orjson.dumps(message))

    async def _send_text(self, text: bytes) -> None:
        if not self._closed:
            try:
                await self._transport_send({"type": "websocket.send", "text": text.decode()})
            except OSError:  # the client has gone
                self._closed = True

    async def _close(self, code: int, reason: str) -> None:
        if not self._closed:
            self._closed = True
            self._stop_timer()
            cut = reason.encode(errors="replace")[:_LONGEST_REASON].decode(errors="ignore")
            with suppress(OSError):  # the client has gone
                await self._transport_send({"type": "websocket.close", "code": code, "reason": cut})

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """A task that ends with the socket at the latest."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _close_later(self, seconds: float, code: int, reason: str) -> None:
        self._stop_timer()
        self._timer = self._loop.call_later(seconds, lambda: self._begin(self._close(code, reason)))

    def _on_session_over(self) -> None:
        self._begin(self._close(4401, "The session is over"))

    def _ping_later(self) -> None:
        """Whoever has vanished without a word is found out by a ping."""
        self._stop_timer()
        self._timer = self._loop.call_later(self._limits.ping_seconds, self._ping)

    def _ping(self) -> None:
        self._begin(self._send({"type": "ping"}))
        self._close_later(self._limits.pong_seconds, 1013, "No pong came")

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


async def _never() -> Message:
    """A socket's operations end by being cancelled: nothing else is received for them."""
    await asyncio.Event().wait()
    raise AssertionError
