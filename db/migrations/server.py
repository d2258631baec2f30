"""The server that DATABASE_URL names: whether it can be used, said in one sentence when it cannot."""

import psycopg
from psycopg.conninfo import conninfo_to_dict

from db.settings import OperatorError

OLDEST_MAJOR = 16


def check(url: str, *, timeout: int = 5) -> None:
    """Refuse a server that is out of reach or too old. No message repeats the URL: it may hold a password."""
    try:
        place = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise OperatorError(
            "DATABASE_URL is not a PostgreSQL address such as postgresql://user:password@host:5432/name."
        ) from None
    try:
        with psycopg.connect(url, connect_timeout=timeout) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as error:
        reason = str(error).splitlines()[0].replace(str(place.get("password") or "\0"), "***")
        raise OperatorError(f"The database that DATABASE_URL names cannot be used: {reason}") from None
    if version < OLDEST_MAJOR * 10_000:
        found = f"{version // 10_000}.{version % 10_000}"
        raise OperatorError(f"DATABASE_URL names a PostgreSQL {found}, and VRSS needs {OLDEST_MAJOR} or newer.")
