"""COPY into tables whose indexes are put aside meanwhile and built again, sorted and at once, when it is full."""

from collections.abc import Iterable
from typing import LiteralString, NamedTuple, Protocol

import psycopg
from psycopg import sql

NULL = "\\N"  # as COPY reads it

# An index that a foreign key refers to cannot be dropped without the key; those grow at their end, which is cheap.
_INDEXES: LiteralString = """
SELECT
    index_class.relnamespace::regnamespace::text,
    index_class.relname,
    index_table.relnamespace::regnamespace::text,
    index_table.relname,
    index_constraint.conname IS NOT NULL,
    coalesce(pg_get_constraintdef(index_constraint.oid), pg_get_indexdef(pg_index.indexrelid))
FROM pg_index
INNER JOIN pg_class AS index_class ON index_class.oid = pg_index.indexrelid
INNER JOIN pg_class AS index_table ON index_table.oid = pg_index.indrelid
LEFT JOIN pg_constraint AS index_constraint
    ON index_constraint.conindid = pg_index.indexrelid AND index_constraint.contype IN ('p', 'u')
WHERE index_table.oid = ANY(%s::regclass[])
    AND NOT EXISTS (
        SELECT FROM pg_constraint AS key WHERE key.conindid = pg_index.indexrelid AND key.contype = 'f'
    )
ORDER BY index_table.relname, index_class.relname
"""


_PRIMARY_KEYS: LiteralString = """
SELECT conrelid::regclass::text, quote_ident(conname)
FROM pg_constraint
WHERE contype = 'p' AND conrelid = ANY(%s::regclass[])
"""


class Progress(Protocol):
    """Receives what begins and how many steps it has, and then each few steps."""

    def begin(self, what: str, steps: int) -> None: ...

    def advance(self, steps: int) -> None: ...


class Lines(NamedTuple):
    """Rows of a table as COPY reads them, and how many there will be."""

    table: str
    columns: str
    length: int
    lines: Iterable[str]


class Batch(NamedTuple):
    lines: bytes
    length: int


class Table(NamedTuple):
    """As Lines, in batches. They are to be read before the next table comes."""

    table: str
    columns: str
    length: int
    batches: Iterable[Batch]


class Index(NamedTuple):
    table: str
    drop: sql.Composed
    make: sql.Composed


def indexes(connection: psycopg.Connection, tables: Iterable[str]) -> list[Index]:
    """The indexes of these tables that can be put aside."""
    return [_index(*row) for row in connection.execute(_INDEXES, [list(tables)])]


def _index(schema: str, name: str, table_schema: str, table: str, is_constraint: bool, definition: str) -> Index:
    belongs_to = f"{table_schema}.{table}"
    if not is_constraint:
        drop = sql.SQL("DROP INDEX {}").format(sql.Identifier(schema, name))
        return Index(belongs_to, drop, sql.SQL("{}").format(_own(definition)))
    altered = sql.SQL("ALTER TABLE {} ").format(sql.Identifier(table_schema, table))
    return Index(
        belongs_to,
        altered + sql.SQL("DROP CONSTRAINT {}").format(sql.Identifier(name)),
        altered + sql.SQL("ADD CONSTRAINT {} {}").format(sql.Identifier(name), _own(definition)),
    )


def renew(connection: psycopg.Connection, tables: Iterable[str]) -> None:
    """Write the few rows of these tables into new files.

    Into a file of this transaction rows may be copied as if they were old (FREEZE): what reads them later need not ask
    whether they were committed, and VACUUM need not write all of them a second time.
    """
    for table, key in connection.execute(_PRIMARY_KEYS, [list(tables)]).fetchall():
        connection.execute(_own(f"CLUSTER {table} USING {key}"))
        connection.execute(_own(f"ALTER TABLE {table} SET WITHOUT CLUSTER"))


def _own(text: str) -> sql.SQL:
    """Names and definitions as the database itself says them."""
    return sql.SQL(text)  # pyright: ignore[reportArgumentType]


def copy(connection: psycopg.Connection, rows: Table, progress: Progress) -> None:
    """COPY the rows into their table, which has been renewed."""
    progress.begin(rows.table.partition(".")[2], rows.length)
    table = sql.Identifier(*rows.table.split("."))
    names = sql.SQL(", ").join(map(sql.Identifier, rows.columns.split(", ")))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FREEZE)").format(table, names)
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for batch in rows.batches:
            stream.write(batch.lines)
            progress.advance(batch.length)
