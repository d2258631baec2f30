"""A Starlette route that does what `{ viewer { id username } }` asks for and no more: what GraphQL is held against."""

import gc
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.accounts.tokens import bearer_token, token_hash
from api.cli.server import Server, bind
from api.gql.ids import encode
from db.pool import Pool
from db.queries import sessions
from db.settings import DatabaseSettings


def app() -> Starlette:
    settings = DatabaseSettings()
    pool = Pool(settings.database_url or "", settings)

    async def viewer(request: Request) -> Response:
        token = bearer_token(request.headers.get("authorization"))
        found = None
        if token is not None:
            async with pool.operation() as database:
                (session,) = await sessions.session_by_token_hash(database, token_hash(token))
            found = {"id": encode("Viewer", session.id), "username": session.username}
        return Response(orjson.dumps({"data": {"viewer": found}}), media_type="application/json")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        await pool.open()
        gc.freeze()
        gc.set_threshold(50_000, 50, 100)
        yield
        await pool.close()

    return Starlette(routes=[Route("/viewer", viewer, methods=["POST"])], lifespan=lifespan)


if __name__ == "__main__":
    Server(app, announce=lambda: None, max_header_bytes=32 * 1024).run_on(bind("127.0.0.1", int(os.environ["PORT"])))
