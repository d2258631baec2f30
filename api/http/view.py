"""The GraphQL endpoint, as a bare ASGI application: what every request passes through is written to cost little."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from typing import NamedTuple, Protocol

from graphql import GraphQLError, OperationType
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.execution.documents import Documents
from api.execution.engine import Executor
from api.execution.operations import DocumentError, Operation
from api.http.answers import Answer, Answers, Header, PresentErrors
from api.http.cookies import SessionCookies
from api.http.meter import Charge, Meter
from api.http.origins import Origins
from api.http.requests import GraphQLRequest, Headers, RequestError, RequestLimits, read_request, refuse_other_sites
from api.http.texts import Texts
from api.http.watch import ClientLeftError, DeadlineError, Watch


class OperationContext(Protocol):
    """What the resolvers of an operation get, and what they add to the head of its answer."""

    @property
    def answer_headers(self) -> Sequence[Header]: ...


ContextFor = Callable[[Scope, Headers, Operation, Charge | None], AbstractAsyncContextManager[OperationContext]]


class Door(NamedTuple):
    """What a request has to pass."""

    limits: RequestLimits
    origins: Origins
    cookies: SessionCookies
    meter: Meter
    texts: Texts


class GraphQLView:
    """One endpoint for POST and, for queries, GET; a browser that asks for HTML gets the explorer."""

    def __init__(
        self,
        documents: Documents,
        executor: Executor,
        *,
        context_for: ContextFor,
        present_errors: PresentErrors,
        explorer: Callable[[], Response],
        door: Door,
    ) -> None:
        self._documents = documents
        self._executor = executor
        self._context_for = context_for
        self._present = present_errors
        self._explorer = explorer
        self._limits, self._origins, self._cookies, self._meter, self._texts = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        method, accept = scope["method"], headers.get(b"accept")
        if method == "GET" and accept is not None and b"text/html" in accept and b"query=" not in scope["query_string"]:
            await self._explorer()(scope, receive, send)
            return
        if self._origins.is_preflight(method, headers):
            await self._origins.answer_preflight(headers, send)
            return
        answers = Answers(accept, headers.get(b"x-request-id"), self._present, self._origins.headers(headers))
        by_cookie = False
        try:
            answers.require_acceptable()
            if method == "GET" and not self._origins.allows(headers):
                refuse_other_sites(headers)
            by_cookie = self._cookies.let_in(scope, headers)
            asked = await read_request(scope, headers, receive, self._limits)
            answer = await self._answer(asked, answers, scope, headers, receive)
        except RequestError as error:
            answer = answers.refused(error)
        except DocumentError as error:
            answer = answers.not_executed(error.errors)
        except ClientLeftError:
            return
        except Exception as error:  # noqa: BLE001  # whatever nobody foresaw in a request is masked like any fault
            answer = answers.not_executed([_fault(error)])
        if by_cookie and answer.status == HTTPStatus.UNAUTHORIZED:
            # The page cannot throw a cookie away that it cannot read, and with it not even log in.
            answer = answer.with_headers(self._cookies.taken(scope))
        await answers.send(answer, send)

    async def _answer(
        self, asked: GraphQLRequest, answers: Answers, scope: Scope, headers: Headers, receive: Receive
    ) -> Answer:
        operation = self._operation(asked, scope, headers)
        variables = operation.variables(asked.variables)
        requested = operation.cost.requested(variables.coerced)
        charge = self._meter.charge(requested, scope, headers)
        actual = requested
        try:
            with Watch(receive, self._limits.deadline_seconds):
                async with self._context_for(scope, headers, operation, charge) as context:
                    outcome = await self._executor.execute(operation, variables, context)
            actual = operation.cost.actual(outcome.data)
            cost = {"cost": {"requested": requested, "actual": actual}}
            answer = answers.executed(outcome.data, outcome.errors, cost).with_headers(*context.answer_headers)
        except ClientLeftError:
            raise
        except DeadlineError:
            late = GraphQLError("The request took too long and was stopped.", extensions={"code": "TIMEOUT"})
            answer = answers.not_executed([late])
        except Exception as error:  # noqa: BLE001  # what fails before execution is presented like what fails in it
            answer = answers.not_executed([_fault(error)])
        if charge is not None:
            self._meter.settle(charge, actual, headers, unauthenticated=answer.status == HTTPStatus.UNAUTHORIZED)
        return answer

    def _operation(self, asked: GraphQLRequest, scope: Scope, headers: Headers) -> Operation:
        text = self._texts.text(asked)
        if not self._documents.knows(text):
            self._meter.charge_reading(len(text), scope, headers)
        operation = self._documents.operation(text, asked.operation_name)
        if asked.document_id is not None:
            self._texts.keep(asked)
        if operation.kind is not OperationType.QUERY:
            _refuse_kind(operation.kind, scope["method"])
        return operation


def _refuse_kind(kind: OperationType, method: str) -> None:
    if method == "GET":
        raise RequestError(405, "GET is for queries; send a POST request.", (b"allow", b"POST"))
    if kind is OperationType.SUBSCRIPTION:
        raise RequestError(400, "Subscriptions are not answered here.")


def _fault(error: Exception) -> GraphQLError:
    return GraphQLError(str(error), original_error=error)
