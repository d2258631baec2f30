"""From errors of psycopg to those of db/errors.py: by constraint name, by SQLSTATE, and by what the driver reports."""

import psycopg
from psycopg_pool import PoolTimeout

from db.constraints import BY_CONSTRAINT
from db.errors import (
    ConflictingWritesError,
    DatabaseError,
    InvalidInputError,
    LockTimeoutError,
    NotReadyError,
    OutcomeUnknownError,
    OverloadedError,
    ReadOnlyError,
    StatementTimeoutError,
)

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
    """The error of this tree that says what `error` means, or `error` itself when only an operator can fix it."""
    if isinstance(error, PoolTimeout):
        return OverloadedError()
    if not isinstance(error, psycopg.Error):
        return error
    if (violation := BY_CONSTRAINT.get(error.diag.constraint_name or "")) is not None:
        return violation.kind(violation.message, field=violation.field)
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
