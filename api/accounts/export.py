"""`/export`: the data of the signed-in user, as an archive that is streamed while it is made."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from http import HTTPStatus
from typing import NamedTuple

from graphql import GraphQLError
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.accounts.archive import archive
from api.accounts.sessions import Identity, SessionCache
from api.accounts.token_owners import TokenOwners
from api.context import Client, Services
from api.execution.operations import DocumentError
from api.gql.errors import UnauthenticatedError
from api.http.access_log import note_codes
from api.http.cookies import SessionCookies
from api.http.cors import Origins
from api.http.rate_limit import REFUSAL, RateLimiter, caller_address
from api.http.requests import Headers, RequestError, refuse_other_sites
from api.http.responses import PresentErrors, RenderedResponse, ResponseWriter
from db.errors import OverloadedError, RateLimitedError
from db.queries import audit
from db.queries.audit import Action
from db.queries.sessions import SessionRow

EXPORT_PATH = "/export"
PRICE = 100  # what an archive is charged, as an operation is
_AT_WORK = 2  # how many read and compress at a time; those whose clients are slow to read wait, and are not among them
_OPEN = 50
_OPEN_PER_ADDRESS = 4


class ExportPolicy(NamedTuple):
    """What is checked before an export, as at /graphql."""

    origins: Origins
    cookies: SessionCookies
    rate_limiter: RateLimiter


class Export:
    """The endpoint, for any account that can log in."""

    def __init__(
        self,
        services: Services,
        sessions: SessionCache,
        owners: TokenOwners,
        policy: ExportPolicy,
        present_errors: PresentErrors,
    ) -> None:
        self._services = services
        self._sessions = sessions
        self._owners = owners
        self._origins, self._cookies, self._rate_limiter = policy
        self._present = present_errors
        self._work = asyncio.Semaphore(_AT_WORK)
        self._open: dict[int, bytes] = {}  # the accounts whose archives are under way, and the addresses that fetch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        if self._origins.is_preflight(scope["method"], headers):
            await self._origins.answer_preflight(headers, send)
            return
        cross_origin = self._origins.headers(headers)
        writer = ResponseWriter(headers.get(b"accept"), headers.get(b"x-request-id"), self._present, cross_origin)
        by_cookie = False
        try:
            by_cookie = self._authorize(scope, headers)
            session = await self._admitted(scope, headers)
        except Exception as error:  # noqa: BLE001  # every exception is presented or masked
            answer = _refusal(writer, error)
            answer = answer.with_headers(*self._cookies.response_headers(scope, answer.status, by_cookie=by_cookie))
            note_codes(scope, writer.codes)
            await writer.send(answer, send)
            return
        try:
            async with aclosing(self._pieces(session.id)) as pieces:
                response = StreamingResponse(pieces, media_type="application/zip")
                response.raw_headers += [
                    (b"content-disposition", f'attachment; filename="vrss-{session.username}.zip"'.encode()),
                    (b"cache-control", b"no-store"),
                    (b"x-content-type-options", b"nosniff"),
                    (b"x-request-id", writer.request_id.encode()),
                    *cross_origin,
                ]
                await response(scope, receive, send)
        finally:
            del self._open[session.id]

    def _authorize(self, scope: Scope, headers: Headers) -> bool:
        """Whether a cookie identifies the account. A refused request is charged, as at /graphql."""
        try:
            self._require_allowed(scope, headers)
            return self._cookies.authorize(scope, headers)
        except RequestError:
            identity = self._identity(headers)
            self._rate_limiter.charge_refusal(identity.account or caller_address(scope))
            raise

    def _require_allowed(self, scope: Scope, headers: Headers) -> None:
        if scope["method"] != "GET":
            raise RequestError(405, "An archive is fetched by GET.", (b"allow", b"GET"))
        if not self._origins.allows(headers):
            refuse_other_sites(headers)

    async def _admitted(self, scope: Scope, headers: Headers) -> SessionRow:
        """Whose archive it will be; from then on it is open."""
        identity, address = self._identity(headers), caller_address(scope)
        if identity.account is None and self._rate_limiter.is_low(address):
            await identity.look_up()
        charge = self._rate_limiter.charge(identity.account or address, PRICE)
        try:
            session = await self._session(identity)
        finally:
            if charge is not None:
                payer, fine = (address, REFUSAL) if identity.refused else (identity.account or address, 0)
                self._rate_limiter.settle(charge, payer, PRICE + fine)
        self._require_room(session.id, address)
        self._open[session.id] = address
        try:
            await self._services.throttle.export(session.id)
            async with self._services.pool.operation() as database:  # before anything is sent: it may be refused
                await audit.insert_entry(database, session.id, Action.DATA_EXPORTED, Client(scope, headers).address)
        except BaseException:
            del self._open[session.id]
            raise
        return session

    def _identity(self, headers: Headers) -> Identity:
        given = headers.get(b"authorization")
        return Identity(self._sessions, self._owners, None if given is None else given.decode("latin-1"))

    def _require_room(self, user_id: int, address: bytes) -> None:
        if user_id in self._open:
            message = "An archive of this account is being fetched already: wait until that has ended."
            raise RateLimitedError(message, retry_after=10)
        if list(self._open.values()).count(address) >= _OPEN_PER_ADDRESS:
            message = f"{_OPEN_PER_ADDRESS} archives are being fetched from your address: wait until one has ended."
            raise RateLimitedError(message, retry_after=10)
        if len(self._open) >= _OPEN:
            raise OverloadedError

    async def _session(self, identity: Identity) -> SessionRow:
        if identity.digest is None:
            raise identity.problem or UnauthenticatedError
        async with self._services.pool.operation() as database:
            identity.check = self._sessions.check(database, identity.digest)
            return await identity.check.session()

    async def _pieces(self, user_id: int) -> AsyncGenerator[bytes]:
        async with (
            self._services.pool.operation() as database,
            aclosing(archive(database, user_id, at_work=self._work)) as pieces,
        ):
            async for piece in pieces:
                yield piece


def _refusal(writer: ResponseWriter, error: Exception) -> RenderedResponse:
    """As /graphql says it, but never as 200: that would be the archive."""
    match error:
        case RequestError():
            return writer.refused(error)
        case RateLimitedError():
            retry = (b"retry-after", b"%d" % error.retry_after)
            return writer.refused(RequestError(429, error.message, retry, code=error.code))
        case DocumentError():
            answer = writer.not_executed(error.errors)
        case _:
            answer = writer.not_executed([GraphQLError(str(error), original_error=error)])
    return answer._replace(status=400) if answer.status == HTTPStatus.OK else answer
