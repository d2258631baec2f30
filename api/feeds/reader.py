"""`/feeds/atom` and `/feeds/json`: a feed for programs that cannot sign in, under a secret address of its owner.

The token is in the query, which no line of the log has.
"""

import asyncio
from email.utils import format_datetime
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import parse_qs

from graphql import GraphQLError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.accounts.tokens import token_hash
from api.context import Client
from api.execution.operations import DocumentError
from api.feeds.channel import Reader, read_channel
from api.feeds.syndication import ATOM, JSON_FEED, Channel, atom, json_feed
from api.http.access_log import note_codes
from api.http.rate_limit import REFUSAL, RateLimiter, caller_address
from api.http.requests import Headers, RequestError
from api.http.responses import PresentErrors, RenderedResponse, ResponseWriter
from db.pool import Pool
from db.queries import feeds

ATOM_PATH = "/feeds/atom"
JSON_PATH = "/feeds/json"
PRICE = 500  # as thirty posts with their texts, authors and files are charged at /graphql
_AT_WORK = 4  # how many read at a time; more wait
_NOT_FOUND = "There is no feed under this address. It may have been revoked."


class FeedReader:
    """The endpoint."""

    def __init__(
        self, pool: Pool, rate_limiter: RateLimiter, present_errors: PresentErrors, public_url: str | None
    ) -> None:
        self._pool = pool
        self._rate_limiter = rate_limiter
        self._present = present_errors
        self._public_url = public_url
        self._work = asyncio.Semaphore(_AT_WORK)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        writer = ResponseWriter(headers.get(b"accept"), headers.get(b"x-request-id"), self._present, ())
        try:
            answer = await self._answer(scope, headers)
        except Exception as error:  # noqa: BLE001  # every exception is presented or masked
            refusal = _refusal(writer, error)
            note_codes(scope, writer.codes)
            await writer.send(refusal, send)
        else:
            await answer(scope, receive, send)

    async def _answer(self, scope: Scope, headers: Headers) -> Response:
        if scope["method"] not in {"GET", "HEAD"}:
            raise RequestError(405, "A feed is read by GET.", (b"allow", b"GET, HEAD"))
        channel = await self._read(scope, headers)
        is_atom = scope["path"].endswith(ATOM_PATH)
        body = atom(channel) if is_atom else json_feed(channel)
        etag = f'"{sha256(body).hexdigest()[:32]}"'
        modified = channel.updated.replace(microsecond=0)
        fresh = {
            "ETag": etag,
            "Last-Modified": format_datetime(modified, usegmt=True),
            "Cache-Control": "private, max-age=300",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
            "Referrer-Policy": "no-referrer",
        }
        if _is_known(headers, etag):
            return Response(status_code=304, headers=fresh)
        return Response(body, headers=fresh | {"Content-Type": ATOM if is_atom else JSON_FEED})

    async def _read(self, scope: Scope, headers: Headers) -> Channel:
        """The posts of the feed that the token opens. Its owner pays for them, and for a wrong token the address."""
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        address = caller_address(scope)
        tried = self._rate_limiter.charge(address, min(REFUSAL, self._rate_limiter.most))
        async with self._work, self._pool.operation() as database:
            feed = await feeds.feed_by_reader_token(database, token_hash(token))
            if feed is None:
                raise RequestError(404, _NOT_FOUND, code="NOT_FOUND")
            if tried is not None:
                self._rate_limiter.settle(tried, address, 0)
            owner, payer = Reader(database, feed.user_id), b"account %d" % feed.user_id
            charge = self._rate_limiter.charge(payer, min(PRICE, self._rate_limiter.most))
            try:
                return await read_channel(owner, feed, Client(scope, headers, self._public_url).base_url)
            finally:
                if charge is not None:  # also for rules that took too long
                    self._rate_limiter.settle(charge, payer, PRICE + owner.surcharge)


def _refusal(writer: ResponseWriter, error: Exception) -> RenderedResponse:
    """As /graphql says it, but never as 200: that would be the feed. A fault of ours is one of ours."""
    if isinstance(error, RequestError):
        return writer.refused(error)
    given = error.errors if isinstance(error, DocumentError) else [GraphQLError(str(error), original_error=error)]
    answer = writer.not_executed(given)
    if answer.status != HTTPStatus.OK:
        return answer
    return answer._replace(status=500 if "INTERNAL_SERVER_ERROR" in writer.codes else 400)


def _is_known(headers: Headers, etag: str) -> bool:
    """Whether the client has this already. By its digest alone: what goes from a feed makes nothing newer."""
    given = headers.get(b"if-none-match")
    return given is not None and etag.encode() in {one.strip().removeprefix(b"W/") for one in given.split(b",")}
