"""One revision is one pair of SQL files with its name; this runs them, or prints them under `--sql`."""

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
