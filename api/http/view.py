"""The GraphQL endpoint: content negotiation, status codes, and one shape for every error."""

import asyncio
import re
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLFormattedError, GraphQLSyntaxError
from starlette.requests import Request
from starlette.responses import Response
from strawberry import Schema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from api.http.requests import GraphQLRequest, RequestError, read_request

_JSON = "application/json"
_GRAPHQL = "application/graphql-response+json"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# All of them are ours to answer, so that a wrong one is refused like any other wrong request.
METHODS = ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]

ContextFor = Callable[[Request], AbstractAsyncContextManager[object]]
PresentError = Callable[[GraphQLError, str], GraphQLFormattedError]


class GraphQLView:
    """One endpoint for POST and, for queries, GET; a browser that asks for HTML gets the explorer."""

    def __init__(
        self,
        schema: Schema,
        *,
        context_for: ContextFor,
        present_error: PresentError,
        explorer: Callable[[], Response],
        deadline_seconds: float,
    ) -> None:
        self._schema = schema
        self._context_for = context_for
        self._present = present_error
        self._explorer = explorer
        self._deadline = deadline_seconds

    async def respond(self, request: Request) -> Response:
        accept = request.headers.get("accept", "*/*").lower()
        if request.method == "GET" and "query" not in request.query_params and "text/html" in accept:
            return self._explorer()
        answer = _Answer(_request_id(request), _GRAPHQL if _GRAPHQL in accept else _JSON, self._present)
        if not any(kind in accept for kind in (_JSON, _GRAPHQL, "*/*", "application/*")):
            return answer.refusal(RequestError(406, f"Answers come as {_JSON} or {_GRAPHQL}."))
        try:
            return await self._answered(request, await read_request(request), answer)
        except RequestError as error:
            return answer.refusal(error)

    async def _answered(self, request: Request, asked: GraphQLRequest, answer: "_Answer") -> Response:
        allowed = [OperationType.QUERY] if request.method == "GET" else [OperationType.QUERY, OperationType.MUTATION]
        try:
            async with asyncio.timeout(self._deadline), self._context_for(request) as context:
                result = await self._schema.execute(
                    asked.query,
                    variable_values=asked.variables,
                    operation_name=asked.operation_name,
                    context_value=context,
                    allowed_operation_types=allowed,
                )
        except CannotGetOperationTypeError:
            raise RequestError(400, "Name one of the operations of the document in `operationName`.") from None
        except InvalidOperationTypeError:
            raise RequestError(405, "GET is for queries; send a POST request.", {"Allow": "POST"}) from None
        except TimeoutError:
            late = GraphQLError("The request took too long and was stopped.", extensions={"code": "TIMEOUT"})
            return answer.not_executed(late)
        except Exception as error:  # noqa: BLE001  # what fails before execution is presented like what fails in it
            return answer.not_executed(GraphQLError(str(error), original_error=error))
        if isinstance(result, PreExecutionError):
            return answer.invalid_document(result.errors or [])
        return answer.executed(result.data, result.errors or [])


class _Answer:
    """The responses to one request."""

    def __init__(self, request_id: str, media_type: str, present: PresentError) -> None:
        self._request_id = request_id
        self._media_type = media_type
        self._present = present

    def executed(self, data: dict[str, Any] | None, errors: list[GraphQLError]) -> Response:
        if not errors:
            return self._response({"data": data}, 200)
        presented = [self._present(error, self._request_id) for error in errors]
        answered = any(value is not None for value in (data or {}).values())
        status, headers = (200, {}) if answered else _status_of(presented[0], 200)
        return self._response({"errors": presented, "data": data}, status, headers)

    def not_executed(self, error: GraphQLError) -> Response:
        presented = self._present(error, self._request_id)
        return self._response({"errors": [presented]}, *_status_of(presented, self._client_error()))

    def invalid_document(self, errors: list[GraphQLError]) -> Response:
        for error in errors:
            syntax = isinstance(error, GraphQLSyntaxError)
            code = "GRAPHQL_PARSE_FAILED" if syntax else "GRAPHQL_VALIDATION_FAILED"
            if error.original_error is None:
                error.extensions = {"code": code, **(error.extensions or {})}
        return self._response(
            {"errors": [self._present(error, self._request_id) for error in errors]}, self._client_error()
        )

    def refusal(self, error: RequestError) -> Response:
        refused = GraphQLError(str(error), extensions={"code": "BAD_USER_INPUT"})
        return self._response({"errors": [self._present(refused, self._request_id)]}, error.status, error.headers)

    def _client_error(self) -> int:
        """A document that cannot run is 400 to those who know the newer media type, and 200 to the others."""
        return 400 if self._media_type == _GRAPHQL else 200

    def _response(self, body: dict[str, Any], status: int, headers: dict[str, str] | None = None) -> Response:
        return Response(
            orjson.dumps(body),
            status,
            {
                "Content-Type": f"{self._media_type}; charset=utf-8",
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
                "X-Request-Id": self._request_id,
                **(headers or {}),
            },
        )


def _status_of(error: GraphQLFormattedError, otherwise: int) -> tuple[int, dict[str, str]]:
    """The status and headers of an answer that has nothing but errors, by the first of them."""
    code = error.get("extensions", {}).get("code", "")
    if code == "UNAUTHENTICATED":
        return 401, {"WWW-Authenticate": "Bearer"}
    if code in {"OVERLOADED", "TIMEOUT"}:
        return 503, {"Retry-After": "1"}
    return (403 if code == "ACCOUNT_SUSPENDED" else otherwise), {}


def _request_id(request: Request) -> str:
    given = request.headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
