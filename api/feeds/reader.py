"""`/feeds/atom` and `/feeds/json`: a feed for programs that cannot sign in, under a secret address of its owner.

The token is in the query, which no line of the log has. It says whose account reads, and from then on a reading is
limited as an operation of that account at /graphql: among its others, by its points, in time, and while the client is
there.
"""

from functools import partial
from hashlib import sha256
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qs

from graphql import GraphQLError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.accounts.token_owners import TokenOwners
from api.accounts.tokens import token_hash
from api.context import Client
from api.execution.engine import DeadlineError
from api.execution.operations import DocumentError
from api.feeds.channel import Reader, read_channel
from api.feeds.freshness import Freshness, is_known, validators
from api.feeds.syndication import ATOM, JSON_FEED, Channel, atom, json_feed
from api.http.access_log import note_codes
from api.http.admission import Admission
from api.http.cancellation import ClientDisconnectedError, RequestCancellation
from api.http.progress import too_late
from api.http.rate_limit import REFUSAL, RateLimiter, caller_address
from api.http.requests import Headers, RequestError
from api.http.responses import PresentErrors, RenderedResponse, ResponseWriter
from api.media.addresses import Addresses
from db.pool import Pool
from db.queries import feed_tokens

ATOM_PATH = "/feeds/atom"
JSON_PATH = "/feeds/json"
PRICE = 500  # as thirty posts with their texts, authors and files are charged at /graphql
_NOT_FOUND = "There is no feed under this address. It may have been revoked."


class ReaderLimits(NamedTuple):
    """What limits readings, the same as operations."""

    rate_limiter: RateLimiter
    admission: Admission
    heavy: Admission
    deadline_seconds: float


class FeedReader:
    """The endpoint."""

    def __init__(
        self,
        pool: Pool,
        limits: ReaderLimits,
        present_errors: PresentErrors,
        addresses: Addresses,
        public_url: str | None,
        app_url: str | None,
    ) -> None:
        self._pool = pool
        self._rate_limiter, self._admission, self._heavy, self._deadline = limits
        self._present = present_errors
        self._addresses = addresses
        self._public_url = public_url
        self._app_url = app_url
        self._owners = TokenOwners(pool, feed_tokens.reader_token_owners_by_token_hashes)
        self._freshness = Freshness()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        writer = ResponseWriter(headers.get(b"accept"), headers.get(b"x-request-id"), self._present, ())
        try:
            with RequestCancellation(receive, self._deadline):
                answer = await self._answer(scope, headers, writer.request_id)
        except ClientDisconnectedError:
            return
        except Exception as error:  # noqa: BLE001  # every exception is presented or masked
            refusal = _refusal(writer, error)
            note_codes(scope, writer.codes)
            await writer.send(refusal, send)
        else:
            await answer(scope, receive, send)

    async def _answer(self, scope: Scope, headers: Headers, request_id: str) -> Response:
        if scope["method"] not in {"GET", "HEAD"}:
            raise RequestError(405, "A feed is read by GET.", (b"allow", b"GET, HEAD"))
        feed_id, channel = await self._read(scope, headers, request_id)
        kind, body = (ATOM, atom(channel)) if scope["path"].endswith(ATOM_PATH) else (JSON_FEED, json_feed(channel))
        etag = f'"{sha256(body).hexdigest()[:32]}"'
        modified = self._freshness.since((feed_id, kind), etag)
        fresh = validators(etag, modified) | {
            "Cache-Control": "private, max-age=300",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
            "Referrer-Policy": "no-referrer",
        }
        if is_known(headers, etag, modified):
            return Response(status_code=304, headers=fresh)
        return Response(body, headers=fresh | {"Content-Type": kind})

    async def _read(self, scope: Scope, headers: Headers, request_id: str) -> tuple[int, Channel]:
        """The feed that the token opens, with its posts. Its owner pays for them, and for a wrong token the address."""
        tokens = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])
        if len(tokens) > 1:
            raise RequestError(400, "The token is given more than once.")
        digest = token_hash(tokens[0])
        address = caller_address(scope)
        refusal = min(REFUSAL, self._rate_limiter.most)
        tried, price = self._rate_limiter.charge(address, refusal), 0
        try:
            owner = await self._owners.find(digest)
            if owner is None:
                price = refusal
                raise RequestError(404, _NOT_FOUND, code="NOT_FOUND")
        finally:
            if tried is not None:
                self._rate_limiter.settle(tried, address, price)
        payer = b"account %d" % owner.id
        async with self._heavy.of(payer), self._admission.of(payer):
            charge = self._rate_limiter.charge(payer, min(PRICE, self._rate_limiter.most))
            async with self._pool.operation(request_id) as database:
                reader = Reader(database, owner.id)
                try:
                    feed = await feed_tokens.feed_by_reader_token(database, digest)
                    if feed is None:  # it was revoked while the request waited
                        raise RequestError(404, _NOT_FOUND, code="NOT_FOUND")
                    base_url = Client(scope, headers, self._public_url).base_url
                    return feed.id, await read_channel(reader, feed, partial(self._file_url, base_url), self._app_url)
                finally:
                    if charge is not None:  # also for rules that took too long
                        self._rate_limiter.settle(charge, payer, PRICE + reader.surcharge)

    def _file_url(self, base_url: str, url: str) -> str:
        """The address of a file of a post that may be seen; that of an uploaded one works for a while."""
        (found,) = self._addresses.of_files([url])
        return base_url + found if found and found[0] == "/" else url


def _refusal(writer: ResponseWriter, error: Exception) -> RenderedResponse:
    """As /graphql says it, but never as 200: that would be the feed. A fault of ours is one of ours."""
    if isinstance(error, RequestError):
        return writer.refused(error)
    match error:
        case DocumentError():
            given = error.errors
        case DeadlineError():
            given = [too_late()]
        case _:
            given = [GraphQLError(str(error), original_error=error)]
    answer = writer.not_executed(given)
    if answer.status != HTTPStatus.OK:
        return answer
    return answer._replace(status=500 if "INTERNAL_SERVER_ERROR" in writer.codes else 400)
