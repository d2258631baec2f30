"""Runs migrations: online over one psycopg connection, or as a script under `--sql`."""

import logging
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from alembic import context
from alembic.util import CommandError
from sqlalchemy import create_engine, pool

from db.maintenance.comment_depths import SCRIPT, fill_depths
from db.maintenance.search_rows import SCRIPT as SEARCH_SCRIPT
from db.maintenance.search_rows import index_missing
from db.maintenance.user_counts import REMINDER, count_missing
from db.migrations import replaceable
from db.migrations.indexes import drop, drop_leftovers, of_ways_down
from db.migrations.readiness import OLDEST_SERVER, TOO_OLD, head
from db.migrations.revision import LOCK_TIMEOUT, execute, while_busy
from db.settings import DatabaseSettings, OperatorError

log = logging.getLogger("db.migrations.migrate")

TURN = 8_031_816_704_190_217_351  # an advisory lock that nothing else here takes
TURN_WAIT_SECONDS = 600

SESSION: LiteralString = f"""\
SET search_path = public;
SET lock_timeout = '{LOCK_TIMEOUT}';
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
"""


def online() -> None:
    engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            version_table_schema="app",
            transaction_per_migration=True,
        )
        raw: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        if migrating():
            replaceable.definitions()  # a fault in those files shows before anything has changed
            with autocommit(raw):
                acquire_migration_lock(raw)
                prepare(raw)
        context.run_migrations()
        heads = context.get_context().get_current_heads()
        reaches_head = heads == (head(),)
        connection.commit()
        if not migrating():
            return
        if upgrading() and heads:
            with autocommit(raw):
                drop_leftovers(raw, heads[0])
        if not reaches_head:
            log.warning("Below head there are no triggers, and the API writes nothing.")
            while_busy(lambda: guard(raw))
        elif upgrading():
            apply_replaceable(raw)
            with autocommit(raw):
                if counted := count_missing(raw):
                    log.info("Counted the followers, friends and posts of %s users.", counted)
                if filled := fill_depths(raw):
                    log.info("Filled in the depth of %s replies.", filled)
                if indexed := index_missing(raw):
                    log.info("Added %s posts and people to search.", indexed)


def offline() -> None:
    context.configure(
        dialect_name="postgresql",
        version_table_schema="app",
        transaction_per_migration=True,
    )
    execute(SESSION)
    execute("CREATE SCHEMA IF NOT EXISTS app;")
    context.run_migrations()
    if upgrading():
        for name in of_ways_down(str(context.get_revision_argument())):
            execute(drop(name))
    if upgrading() and context.get_revision_argument() == head():
        execute(f"BEGIN;\n\n{replaceable.script()}\n\nCOMMIT;\n{SCRIPT}\n{SEARCH_SCRIPT}\n{REMINDER}")


def connect() -> psycopg.Connection:
    url = context.config.attributes.get("url") or DatabaseSettings().database_url
    if not url:
        raise CommandError("DATABASE_URL is not set: it says which database to migrate.")
    try:
        connection = psycopg.connect(url, autocommit=True, application_name="vrss migrate")
    except psycopg.OperationalError as error:
        raise CommandError(f"The database does not answer: {error}") from error
    if connection.info.server_version < OLDEST_SERVER * 10_000:
        connection.close()
        raise CommandError(TOO_OLD)
    connection.execute(SESSION)
    connection.autocommit = False
    return connection


def migrating() -> bool:
    return not context.get_context().opts.get("dont_mutate", False)


def upgrading() -> bool:
    """Whether the command is `upgrade`, as alembic's function for the command shows."""
    return context.get_context().opts["fn"].__name__ == "upgrade"


@contextmanager
def autocommit(connection: psycopg.Connection) -> Generator[None]:
    connection.autocommit = True
    yield
    connection.autocommit = False


def acquire_migration_lock(connection: psycopg.Connection) -> None:
    """One migrator at a time, until its connection ends.

    Asked for again and again rather than waited for: a session that waits inside the server holds a snapshot,
    and CREATE INDEX CONCURRENTLY of the one that has the lock would wait for it in return.
    """
    deadline = time.monotonic() + TURN_WAIT_SECONDS
    while connection.execute("SELECT pg_try_advisory_lock(%s)", [TURN]).fetchone() != (True,):
        if time.monotonic() > deadline:
            raise CommandError("Another migration of this database does not end.")
        time.sleep(0.1)


def prepare(connection: psycopg.Connection) -> None:
    """Make the schema that holds alembic's own table; only if it is missing, since asking needs a privilege."""
    if connection.execute("SELECT to_regnamespace('app')").fetchone() == (None,):
        connection.execute("CREATE SCHEMA app")


def apply_replaceable(connection: psycopg.Connection) -> None:
    """Replace the triggers and functions when they differ from the files, and see that all of them are there."""
    with connection.transaction():
        outdated = replaceable.applied(connection) != replaceable.digest()
    if outdated:
        while_busy(lambda: replace(connection))
    with connection.transaction():
        missing = replaceable.missing(connection)
    if missing:
        raise CommandError(
            f"{' '.join(missing)} Delete the row of app.replaceable_sql and upgrade again to restore them."
        )


def guard(connection: psycopg.Connection) -> None:
    """Also where an upgrade ends below head."""
    with connection.transaction():
        connection.execute(replaceable.GUARD.encode())


def replace(connection: psycopg.Connection) -> None:
    with connection.transaction():
        connection.execute(replaceable.script().encode())


if context.config.cmd_opts is not None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
try:
    offline() if context.is_offline_mode() else online()
except OperatorError as error:
    raise CommandError(str(error)) from error
