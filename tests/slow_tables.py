"""Tables that take long to read, for statements that are to be stopped: a lock would be told from a slow statement."""

from collections.abc import Generator
from contextlib import contextmanager

import psycopg

# OFFSET keeps conditions out, so that it sleeps whatever is asked for, and where nothing is found too.
SLOW = """
ALTER TABLE {schema}.{name} RENAME TO {name}_beneath;
CREATE VIEW {schema}.{name} AS
WITH slept AS MATERIALIZED (SELECT pg_sleep(60))
SELECT beneath.* FROM slept LEFT JOIN {schema}.{name}_beneath AS beneath ON TRUE OFFSET 0;
"""
FAST = "DROP VIEW {schema}.{name}; ALTER TABLE {schema}.{name}_beneath RENAME TO {name}"


@contextmanager
def slow_table(url: str, table: str) -> Generator[None]:
    """Let every reading of `schema.table` take a minute."""
    schema, _, name = table.partition(".")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SLOW.format(schema=schema, name=name).encode())
        try:
            yield
        finally:
            connection.execute(FAST.format(schema=schema, name=name).encode())
