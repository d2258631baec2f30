"""The view over a schema of a few fields, in process and over TCP."""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import Any

import httpx
import pytest
import strawberry
import uvicorn
from graphql import GraphQLError
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.execution.documents import Documents
from api.execution.engine import StockExecutor
from api.execution.prices import CostModel
from api.http.admission import Admission
from api.http.cancellation import WATCH_AFTER_SECONDS
from api.http.cookies import SessionCookies
from api.http.cors import Origins
from api.http.endpoint import GraphQLView, RequestPolicy
from api.http.event_stream import EventStreams
from api.http.live_connections import LiveConnections
from api.http.operation import Caller, OperationLimits, Operations
from api.http.persisted_documents import DocumentSource, PersistedQueries
from api.http.rate_limit import RateLimiter
from api.http.requests import Headers, RequestLimits
from api.http.subscriptions import Subscriptions
from api.http.unfinished import UnfinishedBodies
from api.http.uvicorn_limits import bounded

MAX_HEAD_BYTES = 4096
HEAD_SECONDS = 0.3


class UnauthenticatedError(Exception):
    pass


class LateError(Exception):
    pass


@strawberry.type
class Query:
    @strawberry.field
    def echo(self, text: str = "") -> str:
        return text

    @strawberry.field
    def number(self, n: int) -> int:
        return n

    @strawberry.field
    async def never(self, info: strawberry.Info[Any, Any]) -> str:
        """Ends only when it is stopped, and says so."""
        info.context.begun.set()
        info.context.running += 1
        info.context.most_running = max(info.context.most_running, info.context.running)
        try:
            return await asyncio.get_running_loop().create_future()
        finally:
            info.context.running -= 1
            info.context.stopped.set()

    @strawberry.field
    async def slow(self) -> int:
        """Long enough for an eye to be kept on the request."""
        await asyncio.sleep(3 * WATCH_AFTER_SECONDS)
        return 1

    @strawberry.field
    def broken(self) -> str:
        raise RuntimeError("a secret")


@strawberry.type
class Made:
    @strawberry.field
    async def late(self) -> int:
        raise LateError


@strawberry.type
class Mutation:
    @strawberry.mutation
    def write(self) -> int:
        return 1

    @strawberry.mutation
    def make(self) -> Made | None:
        return Made()

    @strawberry.mutation
    async def wait(self, info: strawberry.Info[Any, Any]) -> int | None:
        """Ends only when the deadline is passed."""
        info.context.begun.set()
        await info.context.expired.wait()
        raise LateError

    @strawberry.mutation
    async def hang(self, info: strawberry.Info[Any, Any]) -> int | None:
        """Does not even mind the deadline."""
        info.context.begun.set()
        return await asyncio.get_running_loop().create_future()


class Signals:
    """What the field `never` tells a test, which may run in another thread."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.stopped = threading.Event()
        self.expired = asyncio.Event()
        self.answer_headers: list[tuple[bytes, bytes]] = []
        self.surcharge = 0
        self.running = self.most_running = 0

    def expire(self) -> None:
        self.expired.set()

    def require_active(self) -> None:
        """Everybody is."""


schema = strawberry.Schema(Query, Mutation)
Serve = Callable[..., GraphQLView]


def unguarded(*_: object) -> AbstractContextManager[None]:
    return nullcontext()


def present(errors: Sequence[GraphQLError], request_id: str) -> Any:
    return [_presented(error, request_id) for error in errors]


def _presented(error: GraphQLError, request_id: str) -> Any:
    match error.original_error:
        case UnauthenticatedError():
            masked = "UNAUTHENTICATED"
        case LateError():
            masked = "TIMEOUT"
        case _:
            masked = "INTERNAL_SERVER_ERROR"
    code = (error.extensions or {}).get("code", masked)
    return {**error.formatted, "extensions": {"code": code, "requestId": request_id}}


@pytest.fixture
def signals() -> Signals:
    return Signals()


class Sender:
    """Whose request it is: an account for each token, known from the start but for `Bearer new`."""

    def __init__(self, headers: Headers) -> None:
        token = headers.get(b"authorization")
        self.refused = token == b"Bearer wrong"
        self.account = None if self.refused or token == b"Bearer new" else token
        self._token = token

    async def look_up(self) -> None:
        self.account = None if self.refused else self._token


@pytest.fixture
def view(signals: Signals) -> Serve:
    @asynccontextmanager
    async def context_for(_: Caller, sender: Sender, *__: object) -> AsyncGenerator[Signals]:
        if sender.refused:
            raise UnauthenticatedError
        yield signals

    def make(  # noqa: PLR0917  # each test names what it needs
        limits: RequestLimits | None = None,
        origins: tuple[str, ...] = (),
        max_cost: int = 1000,
        per_minute: int = 0,
        document_source: DocumentSource | None = None,
        deadline_seconds: float = 30,
        admission: Admission | None = None,
        clock: Callable[[], float] = time.monotonic,
        heavy: frozenset[str] = frozenset(),
    ) -> GraphQLView:
        operation_limits = OperationLimits(
            RateLimiter(max_cost=max_cost, per_minute=per_minute, clock=clock),
            admission or Admission(at_once=4, waiting=100),
            Admission(at_once=1, waiting=100),
            document_source or PersistedQueries(10_000),
            deadline_seconds,
        )
        operations = Operations(
            Documents(schema._schema, costs=CostModel(operation=1, statement=0, mutation=10, heavy=heavy)),  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            StockExecutor(schema),
            identify=lambda _, headers: Sender(headers),
            context_for=context_for,
            limits=operation_limits,
        )
        return GraphQLView(
            operations,
            present_errors=present,
            explorer=lambda: PlainTextResponse("the explorer"),
            policy=RequestPolicy(limits or RequestLimits(), Origins(origins), SessionCookies("session", origins)),
            streams=EventStreams(Subscriptions(operations, unguarded), LiveConnections()),
        )

    return make


@pytest.fixture
async def client(view: Serve) -> AsyncGenerator[httpx.AsyncClient]:
    async with over(view()) as opened:
        yield opened


def over(app: GraphQLView) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vrss.test")


@contextmanager
def listening(view: ASGIApp, unfinished: UnfinishedBodies | None = None) -> Generator[int]:
    """The view behind the server that is used in production, in a thread of its own; gives the port."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await view(scope, receive, send)

    protocol = bounded(MAX_HEAD_BYTES, HEAD_SECONDS, unfinished=unfinished)
    config = uvicorn.Config(app, http=protocol, lifespan="off", log_config=None, loop="uvloop")
    server = uvicorn.Server(config)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def port(view: Serve) -> Generator[int]:
    with listening(view(RequestLimits(body_bytes=10_000, body_seconds=0.3))) as number:
        yield number
