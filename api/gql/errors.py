"""The errors channel: what a developer or an operator has to fix. What a user can correct is a `userErrors` entry.

Every error leaves with `extensions.code` and `extensions.requestId`; what is not on the list of codes is masked, and
logged whole under that request id.
"""

import logging
from collections.abc import Iterable
from typing import Any, ClassVar

from graphql import DirectiveNode, GraphQLError, GraphQLFormattedError, ValueNode

from db.errors import DatabaseError, NotReadyError

log = logging.getLogger("vrss.errors")


class ApiError(Exception):
    """The request cannot be answered."""

    code: ClassVar[str] = "BAD_USER_INPUT"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class BadUserInputError(ApiError):
    """An argument of the request is not valid."""


class BadCursorError(ApiError):
    """This cursor does not belong to this list as it is now. Read the list's first page again."""

    code = "BAD_CURSOR"


class CostLimitError(ApiError):
    """This costs more than a request may."""

    code = "COST_LIMIT"


class UnauthenticatedError(ApiError):
    """Sign in first: send the token of the login mutation as `Authorization: Bearer TOKEN`."""

    code = "UNAUTHENTICATED"


class ForbiddenRequestError(ApiError):
    """This may not be asked for from here."""

    code = "FORBIDDEN"


class AccountSuspendedError(ApiError):
    """This account is suspended."""

    code = "ACCOUNT_SUSPENDED"


class AccountDeletedError(ApiError):
    """This account is about to be deleted. Cancel the deletion to use it again."""

    code = "ACCOUNT_DELETED"


MASKED = "Something went wrong on our side. The request id helps us to find it."


def present(
    errors: Iterable[GraphQLError], request_id: str, *, shows_faults: bool = False
) -> list[GraphQLFormattedError]:
    """The errors of a request as the client sees them. An unexpected one is logged here, whole.

    It is logged once, however many fields it failed. With `shows_faults` the client sees what it says, but not where.
    """
    logged: set[int] = set()
    return [_presented(error, request_id, logged, shows_faults=shows_faults) for error in errors]


def _presented(error: GraphQLError, request_id: str, logged: set[int], *, shows_faults: bool) -> GraphQLFormattedError:
    original, named = error.original_error, {"request_id": request_id}
    formatted: Any = error.formatted
    code = formatted.get("extensions", {}).get("code")
    if code is None:
        code, formatted["message"] = _code_and_message(error, original)
    if isinstance(original, NotReadyError) and id(original) not in logged:
        logged.add(id(original))
        log.error("the database cannot serve request %s: %s", request_id, original.__cause__, extra=named)
    if code == "INTERNAL_SERVER_ERROR" and id(original) not in logged:
        logged.add(id(original))
        path = ".".join(map(str, error.path or ()))
        log.error(
            "unexpected error in request %s at %s", request_id, path or "its start", exc_info=original, extra=named
        )
    formatted["extensions"] = {"code": code, "requestId": request_id}
    if shows_faults and code == "INTERNAL_SERVER_ERROR":
        formatted["extensions"]["fault"] = f"{type(original).__name__}: {original}"
    return formatted


def _is_of_input(error: GraphQLError) -> bool:
    """Whether what is wrong is a value in the document: of an argument or a directive."""
    return bool(error.nodes) and isinstance(error.nodes[0], ValueNode | DirectiveNode)


def _code_and_message(error: GraphQLError, original: Exception | None) -> tuple[str, str]:
    match original:
        case None | GraphQLError() if error.path is None:  # variables that do not fit their types
            return "BAD_USER_INPUT", error.message
        case GraphQLError() if _is_of_input(original):  # a variable that is null where there may be none
            return "BAD_USER_INPUT", original.message
        case ApiError():
            return original.code, str(original)
        case DatabaseError() if original.code != "INTERNAL_SERVER_ERROR":
            return original.code, original.message
        case _:
            return "INTERNAL_SERVER_ERROR", MASKED
