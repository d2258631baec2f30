"""What the database can refuse, as one tree. SQLSTATE and constraint names are translated here and nowhere else.

The docstring of a class is the message that a person reads; `field` is the path of the input that caused it.
"""

from typing import ClassVar, NamedTuple

import psycopg
from psycopg_pool import PoolTimeout


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


class Refused(NamedTuple):
    """What a violated constraint means: the error, the input that caused it, and the sentence if it needs its own."""

    kind: type[RefusalError]
    field: tuple[str, ...] = ()
    message: str | None = None


# What a client can trip in spite of the checks before the write: limits that only the whole row shows, and what was
# there when it was looked for and is gone, or taken, when it is written.
BY_CONSTRAINT: dict[str, Refused] = {
    "users_username_key": Refused(DuplicateUsernameError, ("username",)),
    "users_email_folded_key": Refused(DuplicateEmailError, ("email",)),
    "audit_log_user_id_fkey": Refused(AccountGoneError),
    "user_settings_user_id_fkey": Refused(AccountGoneError),
    "verification_tokens_user_id_fkey": Refused(AccountGoneError),
    "posts_content_required": Refused(InvalidInputError, ("content",)),
    "posts_tags_shape": Refused(InvalidInputError, ("tags",), "A post has at most 50 tags, those in its text counted."),
    "posts_user_id_fkey": Refused(AccountGoneError),
    "post_interactions_user_id_fkey": Refused(AccountGoneError),
    "post_interactions_post_id_fkey": Refused(NotFoundError, ("post_id",)),
    "comments_user_id_fkey": Refused(AccountGoneError),
    "comments_post_id_fkey": Refused(NotFoundError, ("post_id",)),
    "comments_parent_on_same_post_fkey": Refused(NotFoundError, ("parent_id",)),
    "user_follows_follower_id_fkey": Refused(AccountGoneError),
    "user_follows_following_id_fkey": Refused(NotFoundError, ("user_id",)),
    "user_follows_not_self": Refused(SelfReferenceError, ("user_id",)),
    "user_blocks_blocker_id_fkey": Refused(AccountGoneError),
    "user_blocks_blocked_id_fkey": Refused(NotFoundError, ("user_id",)),
    "user_mutes_muter_id_fkey": Refused(AccountGoneError),
    "user_mutes_muted_id_fkey": Refused(NotFoundError, ("user_id",)),
    "conversation_members_user_id_fkey": Refused(NotFoundError, ("recipient_id",)),
    "messages_sender_id_fkey": Refused(AccountGoneError),
    "sessions_user_id_fkey": Refused(CredentialsError),
}

_BY_SQLSTATE: dict[str, type[DatabaseError]] = {
    "40P01": ConflictingWritesError,  # a deadlock
    "40001": ConflictingWritesError,
    "55P03": LockTimeoutError,
    "57014": StatementTimeoutError,
    "22003": InvalidInputError,  # a number out of range
    "22P05": InvalidInputError,  # characters that the database's encoding does not have
    "22021": InvalidInputError,
    "26000": OverloadedError,  # a pooler has changed the server process, and what was prepared is not there
    "42P05": OverloadedError,  # or is there already
    "25P03": OverloadedError,  # a transaction was idle for too long, and its connection is closed
    "25P04": StatementTimeoutError,  # a transaction took too long, likewise
    "25006": ReadOnlyError,  # as after a failover
    # The database is below head, and lacks what a statement names.
    "3F000": NotReadyError,  # schema
    "42P01": NotReadyError,  # table
    "42703": NotReadyError,  # column
    "42704": NotReadyError,  # type
    "42883": NotReadyError,  # function
    "42P10": NotReadyError,  # unique index for an ON CONFLICT
}

# Whole classes that mean the server, or a pooler in front of it, and not what it was asked: connections, resources,
# shutdowns and starts, the disk and the system.
_UNAVAILABLE = ("08", "53", "57P", "58")

# After these the connection itself is of no use: it is about to close, is out of step, or leads to a server that has
# become a standby.
_SPOILING = ("08", "57P", "25P", "25006", "26000", "42P05")


def translate(error: Exception) -> Exception:
    """The error of this tree that says what `error` means, or `error` itself when only an operator can mend it."""
    if isinstance(error, PoolTimeout):
        return OverloadedError()
    if not isinstance(error, psycopg.Error):
        return error
    if (refused := BY_CONSTRAINT.get(error.diag.constraint_name or "")) is not None:
        return refused.kind(refused.message, field=refused.field)
    state = error.sqlstate
    if state is None:
        return _before_the_server(error)
    if (meaning := _BY_SQLSTATE.get(state)) is not None:
        return meaning()
    return OverloadedError() if state.startswith(_UNAVAILABLE) or _is_stale_plan(error) else error


def is_outage(error: Exception) -> bool:
    """Whether the database can do nothing of the kind now, so that the next row would fare no better.

    Writes that met others, and locks that did not come in time, are about the rows that they concern.
    """
    if isinstance(error, ConflictingWritesError | LockTimeoutError):
        return False
    return isinstance(error, OverloadedError | OutcomeUnknownError)


def spoils_connection(error: Exception) -> bool:
    """Whether the connection that this came over must serve nobody else."""
    if not isinstance(error, psycopg.Error):
        return False
    if error.sqlstate is None:
        return _is_out_of_step(error)
    return error.sqlstate.startswith(_SPOILING) or _is_stale_plan(error)


def _before_the_server(error: psycopg.Error) -> Exception:
    """What failed in the driver: a value that cannot be sent, or the connection itself."""
    if isinstance(error, psycopg.DataError):
        return InvalidInputError("Text may not contain the character NUL.")
    return OverloadedError() if _is_out_of_step(error) else error


def _is_out_of_step(error: psycopg.Error) -> bool:
    """Whether the connection was lost, or an answer came that is none to what was asked.

    psycopg says so of what a pooler sends that restarts: "received 2 results from command 'BEGIN'".
    """
    return isinstance(error, psycopg.OperationalError | psycopg.InternalError | psycopg.InterfaceError)


def _is_stale_plan(error: psycopg.Error) -> bool:
    """Whether a table has changed since the statement was prepared on this connection."""
    return error.sqlstate == "0A000" and error.diag.source_function == "RevalidateCachedQuery"
