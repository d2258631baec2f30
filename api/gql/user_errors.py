"""The errors that a user can correct, as typed data beside a mutation's result."""

from enum import Enum

import strawberry

from db import errors


@strawberry.enum(
    description="What is wrong, for programs. New codes may be added: treat an unknown one like "
    "BAD_USER_INPUT and show its message."
)
class UserErrorCode(Enum):
    BAD_USER_INPUT = strawberry.enum_value("BAD_USER_INPUT", description="A value is not valid; `field` says which.")
    NOT_FOUND = strawberry.enum_value(
        "NOT_FOUND", description="The object does not exist, or the viewer may not see it."
    )
    FORBIDDEN = strawberry.enum_value("FORBIDDEN", description="The viewer may see the object but not do this with it.")
    CONFLICT = strawberry.enum_value(
        "CONFLICT",
        description="The change conflicts with what is stored, or an idempotency key was used with other input.",
    )
    INVALID_CREDENTIALS = strawberry.enum_value(
        "INVALID_CREDENTIALS",
        description="The login or the password is wrong; which of the two is not revealed. Code: INVALID_CREDENTIALS.",
    )
    STORAGE_LIMIT_EXCEEDED = strawberry.enum_value(
        "STORAGE_LIMIT_EXCEEDED", description="The file does not fit into the viewer's storage."
    )
    DUPLICATE_USERNAME = strawberry.enum_value("DUPLICATE_USERNAME", description="The user name is taken.")
    DUPLICATE_EMAIL = strawberry.enum_value("DUPLICATE_EMAIL", description="The e-mail address is taken.")
    RATE_LIMITED = strawberry.enum_value(
        "RATE_LIMITED", description="Too many attempts; `retryAfter` says how long to wait."
    )


@strawberry.interface(description="Something the person can correct. The mutation changed nothing.")
class UserError:
    code: UserErrorCode = strawberry.field(description="What is wrong, for programs.")
    message: str = strawberry.field(description="What is wrong, in one English sentence for the person.")
    field: list[str] = strawberry.field(
        description="The path of the value at fault, starting at `input`, with list positions as digits: "
        '`["input", "tags", "2"]`. Empty when no single value is at fault.'
    )


@strawberry.type(description="A value is not valid. Code: BAD_USER_INPUT.")
class InvalidInputError(UserError):
    pass


@strawberry.type(
    description="The input names something that does not exist or that the viewer may not see. Code: NOT_FOUND."
)
class NotFoundError(UserError):
    pass


@strawberry.type(description="The viewer may not do this. Code: FORBIDDEN.")
class ForbiddenError(UserError):
    pass


@strawberry.type(description="The change conflicts with what is stored.")
class ConflictError(UserError):
    pass


@strawberry.type(
    description="The login or the password is wrong; which of the two is not revealed. Code: INVALID_CREDENTIALS."
)
class CredentialsError(UserError):
    pass


@strawberry.type(description="The file does not fit into the viewer's storage. Code: STORAGE_LIMIT_EXCEEDED.")
class StorageLimitError(UserError):
    pass


@strawberry.type(description="There were too many attempts. Code: RATE_LIMITED.")
class RateLimitedError(UserError):
    retry_after: int = strawberry.field(description="Seconds to wait before the next attempt.")


USER_ERROR_TYPES = (
    InvalidInputError,
    NotFoundError,
    ForbiddenError,
    ConflictError,
    CredentialsError,
    StorageLimitError,
    RateLimitedError,
)

_KINDS: tuple[tuple[type[errors.RefusalError], type[UserError]], ...] = (
    (errors.NotFoundError, NotFoundError),
    (errors.ForbiddenError, ForbiddenError),
    (errors.ConflictError, ConflictError),
    (errors.CredentialsError, CredentialsError),
    (errors.StorageLimitError, StorageLimitError),
)


def user_error(refusal: errors.RefusalError, *root: str) -> UserError:
    """The refusal as its member of the interface; what has none of its own is an invalid input.

    Its path begins with `root`, which is the argument of a mutation.
    """
    field = [*root, *map(_camel_case, refusal.field)] if refusal.field else []
    if isinstance(refusal, errors.RateLimitedError):
        code = UserErrorCode(refusal.code)
        return RateLimitedError(code=code, message=refusal.message, field=field, retry_after=refusal.retry_after)
    kind = next((kind for error, kind in _KINDS if isinstance(refusal, error)), InvalidInputError)
    return kind(code=UserErrorCode(refusal.code), message=refusal.message, field=field)


def _camel_case(name: str) -> str:
    if isinstance(name, errors.Verbatim):
        return name
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
