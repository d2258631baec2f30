"""The GraphQL endpoint, as a bare ASGI application: what every request passes through is written to cost little."""

from collections.abc import Callable
from typing import NamedTuple

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.execution.operations import DocumentError
from api.http.access_log import LogLine
from api.http.bodies import BodyReader
from api.http.cancellation import ClientDisconnectedError
from api.http.cookies import SessionCookies
from api.http.cors import Origins
from api.http.event_stream import EventStreams
from api.http.media_types import wants_events, wants_page
from api.http.operation import Caller, Operations
from api.http.payers import Identity
from api.http.progress import fault
from api.http.refusals import refusal
from api.http.requests import GraphQLRequest, Headers, RequestError, RequestLimits, refuse_other_sites
from api.http.responses import PresentErrors, RenderedResponse, ResponseWriter


class RequestPolicy(NamedTuple):
    """What is checked before an operation: size and time of the body, origin, cookie."""

    limits: RequestLimits
    origins: Origins
    cookies: SessionCookies


class GraphQLView:
    """One endpoint for POST and, for queries, GET; a browser that asks for HTML gets the explorer."""

    def __init__(
        self,
        operations: Operations,
        *,
        present_errors: PresentErrors,
        explorer: Callable[[], Response],
        policy: RequestPolicy,
        streams: EventStreams,
    ) -> None:
        self._operations = operations
        self._present = present_errors
        self._explorer = explorer
        self._streams = streams
        limits, self._origins, self._cookies = policy
        self._body_reader = BodyReader(limits, operations.charge_reading)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        line = LogLine(scope["method"], scope["path"])
        try:
            await self._respond(Caller(scope, headers, receive, line), send)
        finally:  # also when the request is cancelled, or its answer cannot be sent
            line.end()

    async def _respond(self, caller: Caller, send: Send) -> None:
        scope, headers, receive, line = caller
        method, accept, given_id = scope["method"], headers.get(b"accept"), headers.get(b"x-request-id")
        if method == "GET" and accept is not None and wants_page(accept) and b"query=" not in scope["query_string"]:
            await self._explorer()(scope, receive, line.noting(send, given_id))
            return
        if self._origins.is_preflight(method, headers):
            await self._origins.answer_preflight(headers, line.noting(send, given_id))
            return
        writer = ResponseWriter(accept, given_id, self._present, self._origins.headers(headers))
        line.request_id = writer.request_id
        by_cookie = False
        try:
            if accept is None or not wants_events(accept):
                writer.require_acceptable()
            if method == "GET" and not self._origins.allows(headers):
                refuse_other_sites(headers)
            by_cookie = self._cookies.authorize(scope, headers)
            answer = await self._answer(writer, caller)
            if isinstance(answer, _Streamed):
                await self._streams.answer(answer.request, caller, answer.identity, writer, send)
                line.codes = writer.codes
                return
        except (RequestError, DocumentError) as error:
            answer = refusal(self._operations, writer, caller, error)
        except ClientDisconnectedError:
            return
        except Exception as error:
            if line.status is not None:  # the stream of events has begun, and ends here
                raise
            answer = writer.not_executed([fault(error)])
        answer = answer.with_headers(*self._cookies.response_headers(scope, answer.status, by_cookie=by_cookie))
        line.codes = writer.codes
        await writer.send(answer, send)
        line.status = answer.status

    async def _answer(self, writer: ResponseWriter, caller: Caller) -> "RenderedResponse | _Streamed":
        identity = self._operations.identify(caller.scope, caller.headers)
        if identity.account is not None:
            return await self._answer_to(writer, caller, identity)
        async with self._operations.payer_of(caller, identity):
            return await self._answer_to(writer, caller, identity)

    async def _answer_to(
        self, writer: ResponseWriter, caller: Caller, identity: Identity
    ) -> "RenderedResponse | _Streamed":
        request = await self._body_reader.read(caller, self._operations.payer(caller, identity))
        if await self._streams.takes(request, caller, identity):
            return _Streamed(request, identity)
        result = await self._operations.run(request, caller, identity, self._operations.kinds_of(caller))
        if result.cost is None:
            return writer.not_executed(result.errors)
        caller.line.cost = result.cost["actual"]
        answer = await writer.executed(result.data, result.errors, result.cost, wrote=result.wrote)
        return answer.with_headers(*result.headers)


class _Streamed(NamedTuple):
    """What is answered event by event."""

    request: GraphQLRequest
    identity: Identity
