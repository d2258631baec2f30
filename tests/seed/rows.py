"""Everything that a database holds, to be compared."""

from typing import Any

import psycopg
from psycopg import sql

_TABLES = """
SELECT n.nspname, c.relname
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
WHERE c.relkind = 'r' AND n.nspname IN ('public', 'app')
ORDER BY n.nspname, c.relname
"""

_SEQUENCES = "SELECT schemaname, sequencename, last_value FROM pg_catalog.pg_sequences ORDER BY 1, 2"


def contents(url: str) -> dict[str, list[Any]]:
    """The rows of every table of ours as text, in one order, and where the sequences stand."""
    with psycopg.connect(url) as connection:
        held: dict[str, list[Any]] = {}
        for table in connection.execute(_TABLES).fetchall():
            # Which transaction wrote a row is of this one database.
            query = sql.SQL("SELECT (to_jsonb(t) - 'written_in')::text FROM {} AS t ORDER BY 1")
            query = query.format(sql.Identifier(*table))
            held[".".join(table)] = [text for (text,) in connection.execute(query)]
        held["sequences"] = connection.execute(_SEQUENCES).fetchall()
        return held


def one(url: str, query: bytes) -> Any:
    """The only value that a query gives."""
    with psycopg.connect(url) as connection:
        (row,) = connection.execute(query).fetchall()
        (value,) = row
        return value


def pairs(url: str, query: bytes) -> dict[Any, Any]:
    """The rows of a query with two columns."""
    with psycopg.connect(url) as connection:
        return dict(connection.execute(query).fetchall())
