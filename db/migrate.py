"""The schema of a database: bring it up or down, tell where it stands, print it."""

import os
import re
import subprocess
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from db import binaries, replaceable

OLDEST_SERVER = 16
TOO_OLD = f"PostgreSQL {OLDEST_SERVER} or newer is needed."


def upgrade(url: str, revision: str = "head") -> None:
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    command.downgrade(config(url), revision)


def head() -> str:
    newest = ScriptDirectory.from_config(config()).get_current_head()
    if newest is None:
        raise RuntimeError("db/alembic/versions is empty")
    return newest


def current(url: str) -> str | None:
    """The revision a database is at; None when it was never migrated."""
    with psycopg.connect(url) as connection:
        return _current(connection)


def problems(url: str) -> list[str]:
    """Why this database cannot serve, one sentence each; empty when it can."""
    with psycopg.connect(url) as connection:
        if connection.info.server_version < OLDEST_SERVER * 10_000:
            return [TOO_OLD]
        return [*_locale_problems(connection), *_schema_problems(connection)]


def dump_schema(url: str) -> str:
    """What pg_dump makes of both schemas, without what differs from run to run or from server to server."""
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
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic").replace("%", "%%"))
    config.attributes["url"] = url
    return config


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
