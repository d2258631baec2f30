"""What is answered to what was refused before anything ran, whatever transport brought it."""

from api.execution.operations import DocumentError
from api.http.operation import Caller, Operations
from api.http.requests import RATE_LIMITED, RequestError
from api.http.responses import RenderedResponse, ResponseWriter


def refusal(
    operations: Operations, writer: ResponseWriter, caller: Caller, error: RequestError | DocumentError
) -> RenderedResponse:
    """The response to an invalid request, or RATE_LIMITED after too many of them: each is charged."""
    if not (isinstance(error, RequestError) and error.code == RATE_LIMITED):  # or it would have to wait for longer
        try:
            operations.charge_refusal(caller)
        except RequestError as limited:
            return writer.refused(limited)
    return writer.refused(error) if isinstance(error, RequestError) else writer.not_executed(error.errors)
