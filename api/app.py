"""The composition root: settings in, ASGI application out."""

import asyncio
import gc
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

from api.accounts.export import EXPORT_PATH, Export, ExportPolicy
from api.accounts.passwords import Passwords
from api.accounts.sessions import SessionCache
from api.accounts.throttle import Throttle, ThrottleLimits
from api.accounts.token_owners import TokenOwners
from api.authoring.views import Views
from api.context import Services
from api.contexts import Contexts
from api.email.messages import EmailTemplates
from api.execution.compiled.executor import CompiledExecutor
from api.execution.documents import Documents
from api.execution.engine import Executor, StockExecutor
from api.execution.nul import NoNul
from api.execution.one_of import OneOfVariables
from api.execution.tracing import Tracer
from api.feeds.reader import ATOM_PATH, JSON_PATH, FeedReader, ReaderLimits
from api.feeds.schema_file import SCHEMA_PATH, feed_schema
from api.gql import errors
from api.gql.scalars import COLUMN_ENCODERS
from api.http import graphiql, graphiql_bundle, placeholders
from api.http.access_log import AccessLog
from api.http.admission import Admission
from api.http.cookies import SessionCookies
from api.http.cors import Origins
from api.http.endpoint import GraphQLView, RequestPolicy
from api.http.event_stream import EventStreams
from api.http.live_connections import LiveConnections
from api.http.operation import OperationLimits, Operations
from api.http.persisted_documents import DocumentSource, PersistedQueries, TrustedDocuments
from api.http.rate_limit import RateLimiter
from api.http.readiness import Readiness
from api.http.requests import RequestLimits
from api.http.subscriptions import Subscriptions
from api.http.websocket import WebSocketView
from api.jobs.worker import working
from api.live.hub import Hub, running
from api.live.listener import listen
from api.media.addresses import FILE_PATH, UPLOAD_PATH, Addresses
from api.media.processing import Processing
from api.media.receiving import Uploads
from api.media.serving import Files
from api.media.store import Store
from api.profiles.style_endpoint import STYLE_PATH, ProfileStylesheet, StylePolicy
from api.schema import COSTS, schema
from api.settings import Settings
from db.migrations.readiness import ANSWER_SECONDS, CONNECT_SECONDS, problems
from db.pool import Pool
from db.settings import OperatorError

if TYPE_CHECKING:
    from api.tracing import OpenTelemetry

GRAPHQL_PATH = "/graphql"
SESSION_COOKIE = "vrss_session"
CHECK_SECONDS = ANSWER_SECONDS  # how long the database may take to say whether it is ready
BODY_SECONDS = 10.0  # how long a body may take to arrive

# What is checked in a document beside the rules of graphql-core.
_RULES = (MaybeNullValidationRule, OneOfVariables, NoNul)


class Application(Starlette):
    """The routes of the API, of which the one that nearly all requests take is taken at once."""

    def __init__(self, view: GraphQLView, sockets: WebSocketView, drain: Callable[[], None], **options: Any) -> None:
        """`drain` ends what would not end by itself; sockets are closed by uvicorn."""
        super().__init__(**options)
        self.router.redirect_slashes = False  # to a URL with whatever host the request names
        self._view = view
        self._sockets = sockets
        self.drain = drain
        self._others = AccessLog(super().__call__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].removeprefix(scope.get("root_path", "")) == GRAPHQL_PATH:
            await self._view(scope, receive, send)
        elif scope["type"] == "websocket" and scope["path"].removeprefix(scope.get("root_path", "")) == GRAPHQL_PATH:
            await self._sockets(scope, receive, send)
        else:
            await self._others(scope, receive, send)


class Development(NamedTuple):
    """What only a server on a developer's own machine allows: pages from any of its ports, and who to sign in as."""

    demo_people: Sequence[str] = ()  # the user names that GraphiQL has buttons for


def create_app(settings: Settings | None = None, development: Development | None = None) -> Application:
    """The whole API over the database that the settings name. The pool opens with the lifespan."""
    settings = settings or Settings()
    url = settings.database.database_url
    if url is None:
        raise ValueError("create_app needs settings.database.database_url; `vrss run` starts a database and sets it")
    tracer = _tracer(settings)
    pool = Pool(url, settings.database, trace=tracer.statement if tracer else None)
    services, sessions, owners = _services(settings, pool), SessionCache(), TokenOwners(pool)
    store, addresses = services.store, services.addresses
    local = development is not None
    origins = Origins(settings.cors_origins, local=local)
    rate_limiter = RateLimiter(max_cost=settings.max_cost, per_minute=settings.rate_limit)
    cookies = SessionCookies(SESSION_COOKIE, settings.cors_origins, settings.public_url, local=local)
    contexts = Contexts(services, sessions, owners, cookies, settings.public_url)

    async def front_page(_: Request) -> Response:
        return Response(status_code=307, headers={"Location": GRAPHQL_PATH.removeprefix("/")})

    async def healthy(_: Request) -> Response:
        return JSONResponse({"healthy": True})

    # Later than either part of the check gives up by itself.
    patience = max(CONNECT_SECONDS, CHECK_SECONDS, settings.database.pool_timeout_seconds) + 1
    readiness = Readiness(lambda: _unready(url, pool), timeout_seconds=patience)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with AsyncExitStack() as closing:  # each, whatever comes of the others
            closing.push_async_callback(pool.close)
            closing.push_async_callback(services.throttle.close)
            await pool.open()
            # What is there now stays: the collector need not look at it again at every turn.
            gc.collect()
            gc.freeze()
            gc.set_threshold(50_000, 50, 100)
            await closing.enter_async_context(services.views.opened())
            await closing.enter_async_context(services.processing.opened())
            await closing.enter_async_context(services.hub.opened())
            await closing.enter_async_context(running(listen(services.hub, url, settings.database)))
            if settings.worker:
                await closing.enter_async_context(working(settings, url))
            yield

    core = schema._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # there is no public way
    present = partial(errors.present, shows_faults=settings.environment == "development")
    export_policy = ExportPolicy(origins, cookies, rate_limiter)
    admission = Admission(at_once=settings.operations_at_once, waiting=settings.operations_waiting)
    heavy = Admission(at_once=1, waiting=settings.operations_waiting, what="feeds and searches")
    reading = ReaderLimits(rate_limiter, admission, heavy, settings.deadline_seconds)
    reader = FeedReader(pool, reading, present, addresses, settings.public_url, settings.app_url)
    style_policy = StylePolicy(rate_limiter, cookies, settings.deadline_seconds, addresses)
    stylesheets = ProfileStylesheet(pool, sessions, owners, style_policy, present, settings.public_url)
    operations = Operations(
        Documents(core, rules=_RULES, limits=settings.documents, costs=COSTS),
        _executor(settings, tracer),
        identify=contexts.identify,
        context_for=tracer.around(contexts.of) if tracer else contexts.of,
        limits=OperationLimits(
            rate_limiter,
            admission,
            heavy,
            _document_source(settings),
            settings.deadline_seconds,
        ),
    )

    def guard(identity: Any, ended: Callable[[], None]) -> AbstractContextManager[None]:
        return nullcontext() if identity.digest is None else services.hub.guarding(identity.digest, ended)

    live, subscriptions = LiveConnections(), Subscriptions(operations, guard)
    streams = EventStreams(subscriptions, live)
    view = GraphQLView(
        operations,
        present_errors=present,
        explorer=lambda: graphiql.page(graphiql_bundle.BUNDLE, development.demo_people if development else ()),
        policy=RequestPolicy(
            RequestLimits(settings.max_body_bytes, min(settings.deadline_seconds, BODY_SECONDS)),
            origins,
            cookies,
        ),
        streams=streams,
    )
    return Application(
        view,
        WebSocketView(subscriptions, present, cookies, live),
        streams.drain,
        routes=[
            Route("/", front_page),
            Route(GRAPHQL_PATH, view),
            Mount("/graphql/assets", graphiql.Assets(graphiql_bundle.BUNDLE)),
            Route(EXPORT_PATH, Export(services, sessions, owners, export_policy, present)),
            Route("/healthz", healthy),
            Route("/readyz", readiness.answer),
            Route(SCHEMA_PATH, feed_schema),
            Route(STYLE_PATH, stylesheets),
            Route(ATOM_PATH, reader),
            Route(JSON_PATH, reader),
            Route("/media/placeholders/{kind}/{name}", placeholders.picture),
            Route(UPLOAD_PATH + "{key:path}", Uploads(store, addresses, origins, present)),
            Route(FILE_PATH + "{name:path}", Files(store, addresses, origins, present)),
        ],
        lifespan=lifespan,
    )


async def _unready(url: str, pool: Pool) -> list[str]:
    """What keeps the database from serving; where nothing does, what keeps the pool from it."""
    lending = asyncio.create_task(pool.problems())
    try:
        found = await to_thread.run_sync(problems, url, CHECK_SECONDS, abandon_on_cancel=True)
        return found or await lending
    finally:
        lending.cancel()


def _services(settings: Settings, pool: Pool) -> Services:
    limits = ThrottleLimits(
        settings.login_failures,
        settings.login_failures_per_address,
        settings.registrations_per_address,
        settings.emails_per_address,
        settings.emails_per_recipient,
    )
    store = Store(settings.media_folder)
    secrets = [one.encode() for one in settings.media_secrets]
    return Services(
        pool=pool,
        store=store,
        addresses=Addresses(lambda: secrets or [store.secret()]),
        processing=Processing(pool, store),
        hub=Hub(pool),
        passwords=Passwords(most_waiting=settings.password_queue),
        throttle=Throttle(limits, settings.throttle_url),
        emails=EmailTemplates(settings.app_url),
        views=Views(pool),
        app_url=settings.app_url,
    )


def _executor(settings: Settings, tracer: Tracer | None) -> Executor:
    stock = StockExecutor(schema)
    if settings.executor == "stock":
        return stock
    return CompiledExecutor(schema, encoders=COLUMN_ENCODERS, otherwise=stock, tracer=tracer)


def _tracer(settings: Settings) -> "OpenTelemetry | None":
    if settings.tracing == "off":
        return None
    try:
        from api.tracing import OpenTelemetry  # noqa: PLC0415  # its packages are there only where somebody wants them
    except ImportError as error:
        raise OperatorError("VRSS_TRACING needs OpenTelemetry: pip install 'vrss-api[tracing]'.") from error
    return OpenTelemetry()


def _document_source(settings: Settings) -> DocumentSource:
    if settings.trusted_documents is None:
        return PersistedQueries(settings.persisted_bytes)
    try:
        return TrustedDocuments.of(settings.trusted_documents)
    except ValueError as error:
        raise OperatorError(f"VRSS_TRUSTED_DOCUMENTS {settings.trusted_documents} is refused: {error}.") from error
