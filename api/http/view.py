"""The GraphQL endpoint, as a bare ASGI application: what every request passes through is written to cost little."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from graphql import GraphQLError, OperationType
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.execution.documents import DocumentError, Documents
from api.execution.engine import Executor
from api.http.answers import Answer, Answers, PresentError
from api.http.requests import GraphQLRequest, Headers, RequestError, read_request
from api.http.watch import ClientLeftError, DeadlineError, Watch

ContextFor = Callable[[Scope, Headers], AbstractAsyncContextManager[object]]


class GraphQLView:
    """One endpoint for POST and, for queries, GET; a browser that asks for HTML gets the explorer."""

    def __init__(
        self,
        documents: Documents,
        executor: Executor,
        *,
        context_for: ContextFor,
        present_error: PresentError,
        explorer: Callable[[], Response],
        deadline_seconds: float,
    ) -> None:
        self._documents = documents
        self._executor = executor
        self._context_for = context_for
        self._present = present_error
        self._explorer = explorer
        self._deadline = deadline_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        accept = headers.get(b"accept")
        if accept is not None and b"text/html" in accept and scope["method"] == "GET" and not _asks(scope):
            await self._explorer()(scope, receive, send)
            return
        answers = Answers(accept, headers.get(b"x-request-id"), self._present)
        try:
            answers.require_acceptable()
            asked = await read_request(scope, headers, receive)
            answer = await self._answer(asked, answers, scope, headers, receive)
        except RequestError as error:
            answer = answers.refused(error)
        except ClientLeftError:
            return
        await answers.send(answer, send)

    async def _answer(
        self, asked: GraphQLRequest, answers: Answers, scope: Scope, headers: Headers, receive: Receive
    ) -> Answer:
        try:
            operation = self._documents.operation(asked.query, asked.operation_name)
            if operation.kind is not OperationType.QUERY:
                _refuse_kind(operation.kind, scope["method"])
            variables = operation.variables(asked.variables)
            with Watch(receive, self._deadline):
                async with self._context_for(scope, headers) as context:
                    outcome = await self._executor.execute(operation, variables, context)
        except (RequestError, ClientLeftError):
            raise
        except DocumentError as error:
            return answers.not_executed(error.errors)
        except DeadlineError:
            late = GraphQLError("The request took too long and was stopped.", extensions={"code": "TIMEOUT"})
            return answers.not_executed([late])
        except Exception as error:  # noqa: BLE001  # what fails before execution is presented like what fails in it
            return answers.not_executed([GraphQLError(str(error), original_error=error)])
        return answers.executed(outcome.data, outcome.errors)


def _asks(scope: Scope) -> bool:
    return b"query=" in scope["query_string"]


def _refuse_kind(kind: OperationType, method: str) -> None:
    if method == "GET":
        raise RequestError(405, "GET is for queries; send a POST request.", (b"allow", b"POST"))
    if kind is OperationType.SUBSCRIPTION:
        raise RequestError(400, "Subscriptions are not answered here.")
