"""One revision is one pair of SQL files with its name; this runs them, or prints them under `--sql`."""

import logging
import re
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString, TypeVar

from alembic import context, op
from psycopg import errors
from sqlalchemy.exc import DBAPIError

from db.migrations import replaceable
from db.migrations.indexes import CREATE, MIGRATIONS, Index, leading, qualified
from db.settings import OperatorError

ResultT = TypeVar("ResultT")

log = logging.getLogger("db.migrations.migrate")

# A lock that tables wait behind is given up after this long, and asked for again when those have passed. It is less
# than deadlock_timeout, so of a migration and a writer that wait for each other it is the migration that gives way.
LOCK_TIMEOUT: LiteralString = "200ms"
ATTEMPTS = 60
LONGEST_PAUSE_SECONDS = 1.0

BUSY = "The tables stay busy. Try again when fewer people write: it goes on from where it is."

_ADD_COLUMN = r"^ALTER TABLE [\w.]+ ADD COLUMN IF NOT EXISTS (?P<column>\w+)"
_CONCURRENTLY = re.compile(
    "|".join((f"^{CREATE}", r"^DROP INDEX CONCURRENTLY IF EXISTS \w", r"^DELETE FROM \w", _ADD_COLUMN)), re.MULTILINE
)


def execute(sql: str) -> None:
    """Send the text as it is: no parameters, so `%`, `:name` and `$$` mean what PostgreSQL makes of them."""
    if context.is_offline_mode():
        context.get_context().impl.static_output(sql)
    else:
        op.get_bind().execution_options(no_parameters=True).exec_driver_sql(sql)


def while_busy(run: Callable[[], ResultT]) -> ResultT:
    """Run what waits for locks, and again when it gave up. `run` undoes what it did before it raises."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return run()
        except (DBAPIError, errors.LockNotAvailable, errors.DeadlockDetected) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if not isinstance(cause, (errors.LockNotAvailable, errors.DeadlockDetected)):
                raise
            if attempt == ATTEMPTS:
                raise OperatorError(BUSY) from error
        log.info("The tables are busy; trying again.")
        time.sleep(min(0.1 * attempt, LONGEST_PAUSE_SECONDS))
    raise AssertionError("the loop returns or raises")


def up(version_file: str) -> None:
    _at_once(_text(version_file, "up"))


def down(version_file: str) -> None:
    """Build the indexes that the file begins with beside the writers, then run the rest in a short transaction.

    This also takes the triggers and functions away: those of head do not fit the tables below it. In their place comes
    a trigger that lets the API write nothing, see db/sql/lifecycle/guard.sql. The version changes in the same
    transaction: who is killed before it has at most an index too many, see db/migrations/indexes.py.
    """
    built, rest = leading(_text(version_file, "down"))
    if built:
        with _patiently():
            for index in built:
                _build(index)
    _at_once(f"{replaceable.DROP_STALE}\n{rest}\n{replaceable.GUARD}")


def up_concurrently(version_file: str) -> None:
    """Make the indexes of the file while people write, and drop those that they replace.

    The file holds nothing but CREATE INDEX CONCURRENTLY and, after these, DROP INDEX CONCURRENTLY IF EXISTS; before one
    that is unique, DELETE of the few rows that it would refuse; and ADD COLUMN IF NOT EXISTS of what may be NULL, which
    waits for its lock as `up` does. Each is a transaction of its own. An index
    of the name of a new one goes first: it is what a run left that was killed or failed, and may not be valid. So the
    file may be run again from its beginning. The way back is plain DROP INDEX in the transaction of the version, where
    it is never done by half, after CREATE INDEX CONCURRENTLY for what was replaced: see `down`.
    """
    statements = [text for text in re.split(r"(?<=;)\n", _text(version_file, "up")) if text.strip()]
    found = [_CONCURRENTLY.search(text) for text in statements]
    if not statements or None in found:
        name = f"{Path(version_file).stem}.up.sql"
        raise OperatorError(f"{name} does not begin with CREATE INDEX CONCURRENTLY, or does more than make indexes.")
    with _patiently():
        for text, made in zip(statements, found, strict=True):
            if made is not None and made["column"] is not None:
                _add_column(text)
            elif made is None or made["name"] is None:
                execute(text)
            else:
                _build(Index(qualified(made), text))


def _build(index: Index) -> None:
    for statement in index.build():
        execute(statement)


def _add_column(text: str) -> None:
    """Everybody waits behind the lock that it waits for, so it gives up soon, and tries again."""
    execute(f"SET lock_timeout = '{LOCK_TIMEOUT}';")
    if context.is_offline_mode():
        execute(text)
    else:
        while_busy(lambda: execute(text))
    execute("SET lock_timeout = 0;")


@contextmanager
def _patiently() -> Generator[None]:
    """Outside of a transaction. What is built waits for those of others, however long, and nobody waits meanwhile."""
    with context.get_context().autocommit_block():
        execute("SET lock_timeout = 0;")
        yield
        execute(f"SET lock_timeout = '{LOCK_TIMEOUT}';")


def _text(version_file: str, way: str) -> str:
    return (MIGRATIONS / f"{Path(version_file).stem}.{way}.sql").read_text(encoding="utf-8")


def _at_once(sql: str) -> None:
    """Run a text whole or not at all, and again when a table is busy, in the transaction of the revision."""

    def attempt() -> None:
        with op.get_bind().begin_nested():
            execute(sql)

    if context.is_offline_mode():
        execute(sql)
    else:
        while_busy(attempt)
