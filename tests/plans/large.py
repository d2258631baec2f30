"""A crowd's database in which one person has a lot of everything."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

import psycopg

from db.pool import PLANNER
from tests.servers import Server, database

ME = 10
MANY = 20_000


@contextmanager
def filled(server: Server, template: str, fills: Iterable[bytes]) -> Generator[psycopg.Connection]:
    """With what `fills` insert, from the temporary table `many`: `n` counts to MANY, `at` is a time of its own."""
    with (
        database(server, template) as name,
        psycopg.connect(server.url(name), autocommit=True, options=f"{PLANNER} -c TimeZone=UTC") as opened,
    ):
        opened.execute(b"SET session_replication_role = replica")  # no counters, and no people behind the numbers
        opened.execute(
            b"CREATE TEMPORARY TABLE many AS SELECT n, '2020-01-01'::timestamptz + n * interval '1 minute' AS at"
            b" FROM generate_series(1, 20000) AS n"
        )
        for fill in fills:
            opened.execute(fill)
        opened.execute("VACUUM ANALYZE")
        yield opened
