"""`/profiles/NAME/style.css`: how a profile looks, for pages that show it. Whoever sees the profile may fetch it."""

import re
from hashlib import sha256
from http import HTTPStatus
from typing import NamedTuple

from graphql import GraphQLError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.accounts.sessions import Identity, SessionCache
from api.accounts.token_owners import TokenOwners
from api.context import Client
from api.execution.operations import DocumentError
from api.feeds.freshness import is_known
from api.http.access_log import note_codes
from api.http.cancellation import ClientDisconnectedError, RequestCancellation
from api.http.cookies import SessionCookies
from api.http.rate_limit import REFUSAL, RateLimiter, caller_address
from api.http.requests import Headers, RequestError
from api.http.responses import PresentErrors, RenderedResponse, ResponseWriter
from api.media.addresses import Addresses
from api.profiles.stylesheet import CSS, stylesheet
from db.documents.background import BackgroundConfig, BackgroundType
from db.pool import Database, Pool
from db.queries import media, profiles, users
from db.queries.profiles import ProfileDocumentsRow

STYLE_PATH = "/profiles/{username}/style.css"
PRICE = 60  # an operation with two statements
PICTURE = 30  # another one
_NAME = re.compile(r"[A-Za-z0-9_]{1,50}")


class StylePolicy(NamedTuple):
    """What limits a look at a stylesheet, says who looks, as at /graphql, and opens the picture in it."""

    rate_limiter: RateLimiter
    cookies: SessionCookies
    deadline_seconds: float
    addresses: Addresses


class ProfileStylesheet:
    """The endpoint."""

    def __init__(
        self,
        pool: Pool,
        sessions: SessionCache,
        owners: TokenOwners,
        policy: StylePolicy,
        present_errors: PresentErrors,
        public_url: str | None,
    ) -> None:
        self._pool = pool
        self._sessions = sessions
        self._owners = owners
        self._rate_limiter, self._cookies, self._deadline, self._addresses = policy
        self._present = present_errors
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        writer = ResponseWriter(headers.get(b"accept"), headers.get(b"x-request-id"), self._present, ())
        by_cookie = False
        try:
            by_cookie = self._authorize(scope, headers)
            with RequestCancellation(receive, self._deadline):
                answer = await self._answer(scope, headers, writer.request_id)
        except ClientDisconnectedError:
            return
        except Exception as error:  # noqa: BLE001  # every exception is presented or masked
            refusal = _refusal(writer, error)
            refusal = refusal.with_headers(*self._cookies.response_headers(scope, refusal.status, by_cookie=by_cookie))
            note_codes(scope, writer.codes)
            await writer.send(refusal, send)
        else:
            await answer(scope, receive, send)

    def _authorize(self, scope: Scope, headers: Headers) -> bool:
        """Whether a cookie says who looks. A refused request is charged, as at /graphql."""
        try:
            _require_reading(scope)
            return self._cookies.authorize(scope, headers)
        except RequestError:
            self._rate_limiter.charge_refusal(caller_address(scope))
            raise

    async def _answer(self, scope: Scope, headers: Headers, request_id: str) -> Response:
        given = headers.get(b"authorization")
        identity = Identity(self._sessions, self._owners, None if given is None else given.decode("latin-1"))
        row, picture = await self._found(scope, identity, request_id)
        (address,) = self._addresses.of_files([picture])
        body = stylesheet(row, Client(scope, headers, self._public_url).base_url, address)
        etag = f'"{sha256(body).hexdigest()[:32]}"'
        fresh = {
            "ETag": etag,
            # What everybody sees may stay in shared caches for a minute; what a person sees is asked for anew.
            "Cache-Control": "public, max-age=60" if identity.digest is None else "private, no-cache",
            "Vary": "Authorization, Cookie",
            "X-Content-Type-Options": "nosniff",
        }
        if is_known(headers, etag, None):
            return Response(status_code=304, headers=fresh)
        return Response(body, headers=fresh | {"Content-Type": CSS})

    async def _found(self, scope: Scope, identity: Identity, request_id: str) -> tuple[ProfileDocumentsRow, str | None]:
        """The documents of the profile and the path of its picture, for who pays: an account, or an address."""
        address = caller_address(scope)
        if identity.account is None and self._rate_limiter.is_low(address):
            await identity.look_up()
        charge = self._rate_limiter.charge(identity.account or address, min(PRICE, self._rate_limiter.most))
        price = PRICE
        try:
            async with self._pool.operation(request_id) as database:
                viewer = await self._viewer(identity, database)
                row = await _documents(database, viewer, scope["path_params"]["username"])
                if row is None:
                    raise RequestError(404, "There is no such profile, or you may not see it.", code="NOT_FOUND")
                if (key := _uploaded(row)) is None:
                    return row, None
                price += PICTURE
                found = await media.media_by_ids(database, viewer, [key])
                return row, found[0].file_url if found else None
        finally:
            if charge is not None:
                payer, fine = (address, REFUSAL) if identity.refused else (identity.account or address, 0)
                self._rate_limiter.settle(charge, payer, price + fine)

    async def _viewer(self, identity: Identity, database: Database) -> int | None:
        if identity.problem is not None:
            raise identity.problem
        if identity.digest is None:
            return None
        identity.check = self._sessions.check(database, identity.digest)
        session = await identity.check.session()
        return session.id if session.status == "active" else None


def _require_reading(scope: Scope) -> None:
    if scope["method"] not in {"GET", "HEAD"}:
        raise RequestError(405, "A stylesheet is fetched by GET.", (b"allow", b"GET, HEAD"))


async def _documents(database: Database, viewer: int | None, username: str) -> ProfileDocumentsRow | None:
    if not _NAME.fullmatch(username):
        return None
    found = await users.user_id_by_username(database, viewer, username)
    if found is None:
        return None
    rows = await profiles.profile_documents_by_user_ids(database, viewer, [found.id])
    return rows[0] if rows else None


def _uploaded(row: ProfileDocumentsRow) -> int | None:
    """The id of the uploaded picture behind the profile, if it is one."""
    found = BackgroundConfig.model_validate(row.background_config or {})
    return found.media_id if found.type is BackgroundType.IMAGE else None


def _refusal(writer: ResponseWriter, error: Exception) -> RenderedResponse:
    """As /graphql says it, but never as 200: that would be the stylesheet."""
    if isinstance(error, RequestError):
        return writer.refused(error)
    given = error.errors if isinstance(error, DocumentError) else [GraphQLError(str(error), original_error=error)]
    answer = writer.not_executed(given)
    return answer._replace(status=400) if answer.status == HTTPStatus.OK else answer
