"""What the database can refuse, as one tree. SQLSTATE and constraint names are translated here and nowhere else.

The docstring of a class is the message that a person reads; `field` is the path of the input that caused it.
"""

from typing import ClassVar

import psycopg
from psycopg import errors as pg
from psycopg_pool import PoolTimeout


class DatabaseError(Exception):
    """The database could not answer."""

    code: ClassVar[str] = "INTERNAL_SERVER_ERROR"

    def __init__(self, message: str | None = None, *, field: tuple[str, ...] = ()) -> None:
        self.message = message or " ".join((type(self).__doc__ or "").split())
        self.field = field
        super().__init__(self.message)


class OverloadedError(DatabaseError):
    """The service is busy. Nothing was changed; try again in a moment."""

    code = "OVERLOADED"


class ConflictingWritesError(OverloadedError):
    """Other writes kept getting in the way. Nothing was changed; try again in a moment."""


class StatementTimeoutError(DatabaseError):
    """The request took too long and was stopped. Nothing was changed."""

    code = "TIMEOUT"


class RefusalError(DatabaseError):
    """The change was refused."""

    code = "BAD_USER_INPUT"


class InvalidInputError(RefusalError):
    """The input is not valid."""


class NotFoundError(RefusalError):
    """There is no such object, or you may not see it."""

    code = "NOT_FOUND"


class ForbiddenError(RefusalError):
    """You may not do this."""

    code = "FORBIDDEN"


class ConflictError(RefusalError):
    """The change conflicts with what is there."""

    code = "CONFLICT"


class DuplicateUsernameError(ConflictError):
    """This username is taken."""

    code = "DUPLICATE_USERNAME"


class DuplicateEmailError(ConflictError):
    """This e-mail address belongs to another account."""

    code = "DUPLICATE_EMAIL"


class CredentialsError(RefusalError):
    """The name or the password is wrong."""

    code = "INVALID_CREDENTIALS"


class SelfReferenceError(RefusalError):
    """You cannot do this to yourself."""


class StorageLimitError(RefusalError):
    """Your storage is full."""

    code = "STORAGE_LIMIT_EXCEEDED"


BY_CONSTRAINT: dict[str, tuple[type[RefusalError], tuple[str, ...]]] = {
    "users_username_key": (DuplicateUsernameError, ("username",)),
    "users_email_key": (DuplicateEmailError, ("email",)),
    "posts_content_required": (InvalidInputError, ("content",)),
}

_BY_SQLSTATE: dict[type[psycopg.Error], type[DatabaseError]] = {
    pg.DeadlockDetected: ConflictingWritesError,
    pg.SerializationFailure: ConflictingWritesError,
    pg.LockNotAvailable: OverloadedError,
    pg.TooManyConnections: OverloadedError,
    pg.CannotConnectNow: OverloadedError,
    pg.AdminShutdown: OverloadedError,
    pg.QueryCanceled: StatementTimeoutError,
    pg.NumericValueOutOfRange: InvalidInputError,
    pg.UntranslatableCharacter: InvalidInputError,
    pg.CharacterNotInRepertoire: InvalidInputError,
}


def translate(error: Exception) -> Exception:
    """The error of this tree that says what `error` means, or `error` itself when only an operator can mend it."""
    if isinstance(error, PoolTimeout):
        return OverloadedError()
    if not isinstance(error, psycopg.Error):
        return error
    if error.diag.constraint_name in BY_CONSTRAINT:
        refusal, field = BY_CONSTRAINT[error.diag.constraint_name]
        return refusal(field=field)
    if error.sqlstate is None:
        return _before_the_server(error)
    return next((meaning() for kind, meaning in _BY_SQLSTATE.items() if isinstance(error, kind)), error)


def _before_the_server(error: psycopg.Error) -> Exception:
    """What failed in the driver: a value that cannot be sent, or the connection itself."""
    if isinstance(error, psycopg.DataError):
        return InvalidInputError("Text may not contain the character NUL.")
    return OverloadedError() if isinstance(error, psycopg.OperationalError) else error
