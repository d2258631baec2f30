"""The errors of the database layer, as one tree. db/translation.py makes them from SQLSTATEs and constraint names.

The docstring of a class is the message that a person reads; `field` is the path of the input that caused it.
"""

from typing import ClassVar


class Verbatim(str):
    """A step of a path that is written as it is: a key of a JSON document, and no field of an input."""

    __slots__ = ()


class DatabaseError(Exception):
    """The database could not answer."""

    code: ClassVar[str] = "INTERNAL_SERVER_ERROR"

    def __init__(self, message: str | None = None, *, field: tuple[str, ...] = ()) -> None:
        self.message = message or " ".join((type(self).__doc__ or "").split())
        self.field = field
        super().__init__(self.message)


class OverloadedError(DatabaseError):
    """The service is busy. Try again in a moment."""

    code = "OVERLOADED"


class ConflictingWritesError(OverloadedError):
    """Other writes kept getting in the way. Try again in a moment."""


class LockTimeoutError(OverloadedError):
    """The service is busy. Try again in a moment."""


class NotReadyError(OverloadedError):
    """The service is not ready to answer this. Try again in a moment."""


class ReadOnlyError(NotReadyError):
    """The service takes no changes at the moment. Try again in a moment."""


class OutcomeUnknownError(DatabaseError):
    """Nobody knows whether the change was stored. Look whether it is there before you try again."""

    code = "OUTCOME_UNKNOWN"


class StatementTimeoutError(DatabaseError):
    """This took too long and was stopped."""

    code = "TIMEOUT"


class RefusalError(DatabaseError):
    """The change was refused."""

    code = "BAD_USER_INPUT"


class InvalidInputError(RefusalError):
    """The input is not valid."""


class NotFoundError(RefusalError):
    """There is no such object, or you may not see it."""

    code = "NOT_FOUND"


class AccountGoneError(NotFoundError):
    """Your account is no longer there."""


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


class RateLimitedError(RefusalError):
    """There were too many attempts. Wait before you try again."""

    code = "RATE_LIMITED"

    def __init__(self, message: str | None = None, *, field: tuple[str, ...] = (), retry_after: int = 1) -> None:
        """`retry_after` in seconds."""
        super().__init__(message, field=field)
        self.retry_after = retry_after


class SelfReferenceError(RefusalError):
    """You cannot do this to yourself."""


class StorageLimitError(RefusalError):
    """Your storage is full."""

    code = "STORAGE_LIMIT_EXCEEDED"

    def __init__(self, *, used: int, reserved: int, quota: int, needed: int, field: tuple[str, ...] = ()) -> None:
        """All in bytes."""
        super().__init__(field=field)
        self.used = used
        self.reserved = reserved
        self.quota = quota
        self.needed = needed


class InvalidFileError(RefusalError):
    """This file is not taken."""

    def __init__(
        self,
        message: str | None = None,
        *,
        allowed: tuple[str, ...] = (),
        most: int | None = None,
        field: tuple[str, ...] = (),
    ) -> None:
        """`allowed` are the media types that are taken, `most` the bytes that a file of its type may have."""
        super().__init__(message, field=field)
        self.allowed = allowed
        self.most = most


class InvalidFileTypeError(InvalidFileError):
    """Files of this type are not taken, or the file is of another type than it was said to be."""

    code = "INVALID_FILE_TYPE"


class FileTooLargeError(InvalidFileError):
    """This file is larger than its type allows."""

    code = "FILE_TOO_LARGE"


class DamagedFileError(InvalidFileError):
    """This file is damaged, or not whole."""

    code = "INVALID_FILE"


class TooManyPixelsError(InvalidFileError):
    """This picture or video has more pixels or frames than can be shown."""

    code = "TOO_MANY_PIXELS"


class ProcessingFailedError(InvalidFileError):
    """This file could not be processed. Upload it again."""

    code = "PROCESSING_FAILED"


class UploadIncompleteError(RefusalError):
    """The file has not been uploaded yet."""

    code = "UPLOAD_INCOMPLETE"
