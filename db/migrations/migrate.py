"""The schema of a database: bring it up or down, print it."""

import os
import re
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy.exc import DBAPIError

from db.embedded import binaries
from db.settings import OperatorError


def upgrade(url: str, revision: str = "head") -> None:
    """Go up to a revision, each in a transaction of its own; at head also bring the triggers up to date."""
    with _refusals_for_the_operator():
        command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Go down to a revision. Triggers and functions go first: below head there are none."""
    with _refusals_for_the_operator():
        command.downgrade(config(url), revision)


def dump_schema(url: str) -> str:
    """What pg_dump makes of the three schemas, without what differs from run to run or from server to server."""
    address = conninfo_to_dict(url)
    # Other users of the machine can read the arguments of a process, but not its environment.
    password = address.pop("password", None)
    environment = os.environ if password is None else {**os.environ, "PGPASSWORD": str(password)}
    dump = subprocess.run(  # noqa: S603  (our own program, an argument list)
        [
            binaries.packaged() / "pg_dump",
            f"--dbname={make_conninfo('', **address)}",
            "--schema-only",
            "--schema=public",
            "--schema=app",
            "--schema=jobs",
            "--extension=*",
            "--no-owner",
            "--no-privileges",
            "--restrict-key=vrss",
        ],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return re.sub(r"^-- Dumped (from|by) .*\n", "", dump, flags=re.MULTILINE)


def config(url: str | None = None) -> Config:
    config = Config()
    # alembic reads its options with ConfigParser, to which % is special.
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "alembic").replace("%", "%%"))
    config.attributes["url"] = url
    return config


@contextmanager
def _refusals_for_the_operator() -> Generator[None]:
    try:
        yield
    except (CommandError, DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise OperatorError(f"The database was not migrated: {str(cause).splitlines()[0]}") from error
