"""The errors that a user can correct, as typed data beside a mutation's result."""

from enum import Enum

import strawberry

from db import errors


@strawberry.enum(description="What is wrong, for programs.")
class UserErrorCode(Enum):
    BAD_USER_INPUT = strawberry.enum_value("BAD_USER_INPUT", description="A value is not valid; `field` says which.")
    NOT_FOUND = strawberry.enum_value("NOT_FOUND", description="There is no such object, or the viewer may not see it.")
    FORBIDDEN = strawberry.enum_value("FORBIDDEN", description="The viewer may not do this.")
    CONFLICT = strawberry.enum_value("CONFLICT", description="The change conflicts with what is there.")
    INVALID_CREDENTIALS = strawberry.enum_value("INVALID_CREDENTIALS", description="The name or the password is wrong.")
    STORAGE_LIMIT_EXCEEDED = strawberry.enum_value("STORAGE_LIMIT_EXCEEDED", description="The storage is full.")
    DUPLICATE_USERNAME = strawberry.enum_value("DUPLICATE_USERNAME", description="The user name is taken.")
    DUPLICATE_EMAIL = strawberry.enum_value("DUPLICATE_EMAIL", description="The e-mail address is taken.")
    RATE_LIMITED = strawberry.enum_value("RATE_LIMITED", description="There were too many attempts; `retryAfter`.")


@strawberry.interface(description="Something that a person can correct. Nothing was changed.")
class UserError:
    code: UserErrorCode = strawberry.field(description="What is wrong, for programs.")
    message: str = strawberry.field(description="What is wrong, in a sentence for the person.")
    field: list[str] = strawberry.field(
        description="The path of the value in the mutation's arguments, from `input` on; empty when no single value "
        "is to blame."
    )


@strawberry.type(description="A value of the input is not valid.")
class InvalidInputError(UserError):
    pass


@strawberry.type(description="What the input names is not there, or the viewer may not see it.")
class NotFoundError(UserError):
    pass


@strawberry.type(description="The viewer may not do this.")
class ForbiddenError(UserError):
    pass


@strawberry.type(description="The change conflicts with what is there.")
class ConflictError(UserError):
    pass


@strawberry.type(description="The name or the password is wrong.")
class CredentialsError(UserError):
    pass


@strawberry.type(description="The viewer's storage is full.")
class StorageLimitError(UserError):
    pass


@strawberry.type(description="There were too many attempts.")
class RateLimitedError(UserError):
    retry_after: int = strawberry.field(description="How many seconds to wait before the next one.")


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


def user_error(refusal: errors.RefusalError) -> UserError:
    """The refusal as its member of the interface; what has none of its own is an invalid input."""
    field = ["input", *map(_camel_case, refusal.field)] if refusal.field else []
    if isinstance(refusal, errors.RateLimitedError):
        code = UserErrorCode(refusal.code)
        return RateLimitedError(code=code, message=refusal.message, field=field, retry_after=refusal.retry_after)
    kind = next((kind for error, kind in _KINDS if isinstance(refusal, error)), InvalidInputError)
    return kind(code=UserErrorCode(refusal.code), message=refusal.message, field=field)


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
