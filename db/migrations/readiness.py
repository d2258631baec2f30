"""Whether a database can serve this version. Asked at every start, so it does without alembic, which loads slowly."""

import os
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from db.migrations import replaceable

OLDEST_SERVER = 16
TOO_OLD = f"PostgreSQL {OLDEST_SERVER} or newer is needed."

CONNECT_SECONDS = 5
ANSWER_SECONDS = 5.0

_MIGRATIONS = Path(__file__).parents[1] / "sql" / "migrations"


def head() -> str:
    """The newest revision: the number that its files begin with."""
    return max(path.name for path in _MIGRATIONS.glob("*.up.sql")).partition("_")[0]


def current(url: str) -> str | None:
    """The revision a database is at; None when it was never migrated."""
    with psycopg.connect(url) as connection:
        return _current(connection)


def problems(url: str, seconds: float = ANSWER_SECONDS) -> list[str]:
    """Why this database cannot serve, one sentence each; empty when it can.

    A server that accepts the connection and does not answer in these seconds is hung up on.
    """
    try:
        connection = psycopg.connect(url, connect_timeout=CONNECT_SECONDS)
    except psycopg.OperationalError:
        return ["The database cannot be reached."]
    with _hung_up_after(connection, seconds) as late:
        try:
            return _problems(connection)
        except psycopg.Error as error:
            if late.is_set():
                return [f"The database does not answer in {seconds:g} s."]
            return [f"The database does not answer as it should: {str(error).splitlines()[0]}."]
        finally:
            connection.close()


@contextmanager
def _hung_up_after(connection: psycopg.Connection, seconds: float) -> Generator[threading.Event]:
    """Within the block the connection lives this long, and then fails whatever waits on it.

    A time-out of the statement would be the server's own, and the driver waits for an answer without an end. The event
    says whether the time was over.
    """
    late = threading.Event()
    with socket.socket(fileno=os.dup(connection.fileno())) as line:

        def hang_up() -> None:
            late.set()
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(seconds, hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield late
        finally:
            timer.cancel()


def _problems(connection: psycopg.Connection) -> list[str]:
    with connection:
        if connection.info.server_version < OLDEST_SERVER * 10_000:
            return [TOO_OLD]
        return [*_write_problems(connection), *_locale_problems(connection), *_schema_problems(connection)]


def _write_problems(connection: psycopg.Connection) -> list[str]:
    if connection.execute("SELECT current_setting('transaction_read_only')").fetchone() == ("off",):
        return []
    return ["The database is read-only: it is a standby, or default_transaction_read_only is on."]


def _current(connection: psycopg.Connection) -> str | None:
    if connection.execute("SELECT to_regclass('app.alembic_version')").fetchone() == (None,):
        return None
    row = connection.execute("SELECT version_num FROM app.alembic_version").fetchone()
    return row[0] if row else None


def _locale_problems(connection: psycopg.Connection) -> list[str]:
    if connection.execute("SELECT lower('É')").fetchone() == ("é",):
        return []
    return ["lower('É') is not é: the database needs encoding UTF8 and a locale that knows its letters."]


def _schema_problems(connection: psycopg.Connection) -> list[str]:
    if (revision := _current(connection)) != head():
        return [f"The schema is at {revision or 'nothing'}, not at {head()}: run alembic upgrade head."]
    if missing := replaceable.missing(connection):
        return missing
    if replaceable.applied(connection) != replaceable.digest():
        return ["The triggers are not those of this version: run alembic upgrade head."]
    return []
