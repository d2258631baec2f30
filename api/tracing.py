"""Where an operation's time goes, as OpenTelemetry spans: the operation, its fields by column, its statements.

Only the API of OpenTelemetry is used: where spans go, and which of them are kept, is for the SDK that the operator runs
the server with.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from api.execution.operations import Operation
from api.http.operation import Caller, ContextFor, Identity
from api.http.progress import OperationContext
from api.http.rate_limit import Charge
from db.traced import Begun


class OpenTelemetry:
    def __init__(self) -> None:
        self._tracer = trace.get_tracer("vrss")

    def span(self, name: str, attributes: Mapping[str, str | int]) -> AbstractContextManager[Span]:
        return self._tracer.start_as_current_span(name, attributes=dict(attributes))

    def statement(self, name: str) -> Begun:
        attributes = {"db.system.name": "postgresql", "db.query.summary": name}
        span = self._tracer.start_span(name, kind=SpanKind.CLIENT, attributes=attributes)

        def end(error: BaseException | None) -> None:
            if error is not None:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            span.end()

        return end

    def around(self, context_for: ContextFor) -> ContextFor:
        """The same in a span: from before the session is checked to after the last statement."""

        @asynccontextmanager
        async def traced(
            caller: Caller, identity: Identity, operation: Operation, charge: Charge | None
        ) -> AsyncGenerator[OperationContext]:
            kind, name = operation.kind.value, operation.name or ""
            attributes = {"graphql.operation.type": kind, "graphql.operation.name": name}
            with self.span(f"{kind} {name}".rstrip(), attributes):
                async with context_for(caller, identity, operation, charge) as context:
                    yield context

        return traced
