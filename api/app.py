"""The composition root: settings in, ASGI application out."""

import gc
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from api import errors, graphiql_bundle
from api.context import Context
from api.http import graphiql, placeholders
from api.http.view import METHODS, GraphQLView
from api.identity import PasswordVerifier, bearer_token, session_of
from api.schema import schema
from api.settings import Settings
from db.pool import Pool
from db.readiness import problems


def create_app(settings: Settings | None = None) -> Starlette:
    """The whole API over the database that the settings name. The pool opens with the lifespan."""
    settings = settings or Settings()
    url = settings.database.database_url
    if url is None:
        raise ValueError("create_app needs settings.database.database_url; `vrss run` starts a database and sets it")
    pool = Pool(url, settings.database)
    passwords = PasswordVerifier()

    @asynccontextmanager
    async def context_for(request: Request) -> AsyncGenerator[Context]:
        token = bearer_token(request.headers.get("authorization"))
        async with pool.operation() as database:
            yield Context(
                database=database,
                session=None if token is None else await session_of(database, token),
                passwords=passwords,
                public_url=settings.public_url or str(request.base_url).rstrip("/"),
                user_agent=request.headers.get("user-agent", "")[:500] or None,
                client_address=request.client.host if request.client else None,
            )

    async def ready(_: Request) -> Response:
        found = await to_thread.run_sync(problems, url)
        return JSONResponse({"ready": not found, "problems": found}, 503 if found else 200)

    async def healthy(_: Request) -> Response:
        return JSONResponse({"healthy": True})

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        await pool.open()
        # What is there now stays: the collector need not look at it again at every turn.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 50, 100)
        yield
        await pool.close()

    view = GraphQLView(
        schema,
        context_for=context_for,
        present_error=errors.present,
        explorer=lambda: graphiql.page(graphiql_bundle.BUNDLE),
        deadline_seconds=settings.deadline_seconds,
    )
    return Starlette(
        routes=[
            Route("/graphql", view.respond, methods=METHODS),
            Mount("/graphql/assets", graphiql.Assets(graphiql_bundle.BUNDLE)),
            Route("/healthz", healthy),
            Route("/readyz", ready),
            Route("/media/placeholders/{kind}/{name}", placeholders.picture),
        ],
        lifespan=lifespan,
    )
