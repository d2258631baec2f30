"""`/export`: all that there is of whoever asks, as an archive that is sent while it is being made."""

import asyncio
from collections.abc import AsyncGenerator

from graphql import GraphQLError
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.context import Client, Services
from api.errors import UnauthenticatedError
from api.exports import archive
from api.http.answers import Answers, PresentErrors
from api.http.cookies import SessionCookies
from api.http.requests import Headers, RequestError
from api.identity import Sessions, bearer_token
from db.errors import OverloadedError
from db.queries import audit
from db.queries.audit import Action
from db.rows import SessionRow

EXPORT_PATH = "/export"
_AT_ONCE = 2
_KIND = b"application/graphql-response+json"  # of refusals: its statuses say what is wrong


class Export:
    """The endpoint, for any account that can log in; some at once, since each keeps the database and a thread busy."""

    def __init__(
        self, services: Services, sessions: Sessions, cookies: SessionCookies, present_errors: PresentErrors
    ) -> None:
        self._services = services
        self._sessions = sessions
        self._cookies = cookies
        self._present = present_errors
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        answers = Answers(_KIND, headers.get(b"x-request-id"), self._present, ())
        try:
            session = await self._session(scope, headers)
            await self._services.throttle.export(session.id)
            if self._room.locked():
                raise OverloadedError  # noqa: TRY301  # presented like what is raised below
        except RequestError as error:
            await answers.send(answers.refused(error), send)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is presented or masked
            await answers.send(answers.not_executed([GraphQLError(str(error), original_error=error)]), send)
        else:
            response = StreamingResponse(
                self._pieces(session.id, Client(scope, headers).address),
                media_type="application/zip",
                headers={
                    "content-disposition": f'attachment; filename="vrss-{session.username}.zip"',
                    "cache-control": "no-store",
                    "x-content-type-options": "nosniff",
                },
            )
            await response(scope, receive, send)

    async def _session(self, scope: Scope, headers: Headers) -> SessionRow:
        self._cookies.let_in(scope, headers)
        token = bearer_token(headers.get(b"authorization", b"").decode("latin-1") or None)
        if token is None:
            raise UnauthenticatedError
        async with self._services.pool.operation() as database:
            return await self._sessions.check(database, token).session()

    async def _pieces(self, user_id: int, address: str | None) -> AsyncGenerator[bytes]:
        async with self._room, self._services.pool.operation() as database:
            await audit.insert_entry(database, user_id, Action.DATA_EXPORTED, address)
            async for piece in archive(database, user_id):
                yield piece
