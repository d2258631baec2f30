"""The errors that a user can correct, as typed data beside a mutation's result."""

from enum import Enum

import strawberry

from api.gql.scalars import BigInt
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
    INVALID_FILE_TYPE = strawberry.enum_value(
        "INVALID_FILE_TYPE",
        description="Files of this type are not accepted, or the content is not of the declared type.",
    )
    FILE_TOO_LARGE = strawberry.enum_value("FILE_TOO_LARGE", description="The file is larger than its type allows.")
    INVALID_FILE = strawberry.enum_value("INVALID_FILE", description="The file is damaged, or not whole.")
    TOO_MANY_PIXELS = strawberry.enum_value(
        "TOO_MANY_PIXELS",
        description="The picture or video has more than 64 million pixels, more than 1,000 frames, or more than 250 "
        "million pixels in all of its frames.",
    )
    PROCESSING_FAILED = strawberry.enum_value(
        "PROCESSING_FAILED", description="The file could not be processed, for no fault of its own."
    )
    UPLOAD_INCOMPLETE = strawberry.enum_value(
        "UPLOAD_INCOMPLETE", description="The bytes of the upload have not been sent, or not all of them."
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
    used_bytes: BigInt = strawberry.field(description="Bytes stored now.")
    reserved_bytes: BigInt = strawberry.field(description="Bytes reserved by uploads in progress.")
    quota_bytes: BigInt = strawberry.field(description="Bytes that the viewer's plan allows.")
    needed_bytes: BigInt = strawberry.field(description="Bytes that the refused file needs.")


@strawberry.type(
    description="The file is not taken. Codes: INVALID_FILE_TYPE, FILE_TOO_LARGE, INVALID_FILE, TOO_MANY_PIXELS, "
    "PROCESSING_FAILED."
)
class InvalidFileError(UserError):
    allowed_mime_types: list[str] = strawberry.field(description="The media types that are accepted.")
    max_bytes: BigInt | None = strawberry.field(
        description="The largest size of its type, where the file is larger; null otherwise."
    )


@strawberry.type(description="The bytes of the upload are not there yet. Code: UPLOAD_INCOMPLETE.")
class UploadIncompleteError(UserError):
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
    InvalidFileError,
    UploadIncompleteError,
    RateLimitedError,
)

_KINDS: tuple[tuple[type[errors.RefusalError], type[UserError]], ...] = (
    (errors.NotFoundError, NotFoundError),
    (errors.ForbiddenError, ForbiddenError),
    (errors.ConflictError, ConflictError),
    (errors.CredentialsError, CredentialsError),
    (errors.UploadIncompleteError, UploadIncompleteError),
)


def user_error(refusal: errors.RefusalError, *root: str) -> UserError:
    """The refusal as its member of the interface; what has none of its own is an invalid input.

    Its path begins with `root`, which is the argument of a mutation.
    """
    field = [*root, *map(_camel_case, refusal.field)] if refusal.field else []
    if isinstance(refusal, errors.RateLimitedError):
        code = UserErrorCode(refusal.code)
        return RateLimitedError(code=code, message=refusal.message, field=field, retry_after=refusal.retry_after)
    if isinstance(refusal, (errors.StorageLimitError, errors.InvalidFileError)):
        return _about_files(refusal, field)
    kind = next((kind for error, kind in _KINDS if isinstance(refusal, error)), InvalidInputError)
    return kind(code=UserErrorCode(refusal.code), message=refusal.message, field=field)


def _about_files(refusal: errors.StorageLimitError | errors.InvalidFileError, field: list[str]) -> UserError:
    code = UserErrorCode(refusal.code)
    if isinstance(refusal, errors.StorageLimitError):
        return StorageLimitError(
            code=code,
            message=refusal.message,
            field=field,
            used_bytes=BigInt(refusal.used),
            reserved_bytes=BigInt(refusal.reserved),
            quota_bytes=BigInt(refusal.quota),
            needed_bytes=BigInt(refusal.needed),
        )
    return InvalidFileError(
        code=code,
        message=refusal.message,
        field=field,
        allowed_mime_types=list(refusal.allowed),
        max_bytes=None if refusal.most is None else BigInt(refusal.most),
    )


def _camel_case(name: str) -> str:
    if isinstance(name, errors.Verbatim):
        return name
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
