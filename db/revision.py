"""One revision is one pair of SQL files with its name; this runs them, or prints them under `--sql`."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from alembic import context, op

from db import replaceable

MIGRATIONS = Path(__file__).parent / "sql" / "migrations"


def execute(sql: str) -> None:
    """Send the text as it is: no parameters, so `%`, `:name` and `$$` mean what PostgreSQL makes of them."""
    if context.is_offline_mode():
        context.get_context().impl.static_output(sql)
    else:
        op.get_bind().execution_options(no_parameters=True).exec_driver_sql(sql)


def up(version_file: str) -> None:
    execute((MIGRATIONS / f"{Path(version_file).stem}.up.sql").read_text(encoding="utf-8"))


def down(version_file: str) -> None:
    """Take the triggers and functions away first: those of head do not fit the tables below it."""
    execute(replaceable.DROP_STALE)
    execute((MIGRATIONS / f"{Path(version_file).stem}.down.sql").read_text(encoding="utf-8"))


# Building an index CONCURRENTLY cannot be undone by a rollback: what was killed half-way left an index that is kept up
# with every write and read by nobody. This one's place is taken only by a whole one.
_CLEAR = "DROP INDEX CONCURRENTLY IF EXISTS {index};"
_CHECK = """\
DO $$
BEGIN
    IF NOT (SELECT indisvalid FROM pg_index WHERE indexrelid = '{index}'::regclass) THEN
        RAISE EXCEPTION 'The index {index} was not built whole. Run the upgrade again.';
    END IF;
END
$$;
"""
_INDEX = re.compile(r"^CREATE (?:UNIQUE )?INDEX CONCURRENTLY (\w+) ON", re.MULTILINE)


def up_concurrently(version_file: str) -> None:
    """For a revision that is one CREATE INDEX CONCURRENTLY and nothing else, on a table that people write to."""
    text = (MIGRATIONS / f"{Path(version_file).stem}.up.sql").read_text(encoding="utf-8")
    (index,) = _INDEX.findall(text)
    with _outside_of_transactions():
        execute(_CLEAR.format(index=index))
        execute(text)
        execute(_CHECK.format(index=index))


def down_concurrently(version_file: str) -> None:
    execute(replaceable.DROP_STALE)
    with _outside_of_transactions():
        execute((MIGRATIONS / f"{Path(version_file).stem}.down.sql").read_text(encoding="utf-8"))


@contextmanager
def _outside_of_transactions() -> Generator[None]:
    """Without the timeout: it waits for the transactions that are open, and lets everybody pass meanwhile."""
    with context.get_context().autocommit_block():
        execute("SET lock_timeout = 0;")
        yield
        execute("SET lock_timeout = '5s';")
