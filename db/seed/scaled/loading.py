"""COPY into tables whose indexes are put aside meanwhile and built again, sorted and at once, at the end."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import LiteralString, NamedTuple, Protocol

import psycopg
from psycopg import sql

NULL = "\\N"  # as COPY reads it
_BATCH = 2_000

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


class Progress(Protocol):
    """Is told what begins and how many steps it has, and then of each few steps."""

    def begin(self, what: str, steps: int) -> None: ...

    def advance(self, steps: int) -> None: ...


class Lines(NamedTuple):
    """Rows of a table as COPY reads them, and how many there will be."""

    table: str
    columns: str
    length: int
    lines: Iterable[str]


class Index(NamedTuple):
    name: str
    drop: sql.Composed
    make: sql.Composed


def indexes(connection: psycopg.Connection, tables: Iterable[str]) -> list[Index]:
    """The indexes of these tables that can be put aside."""
    return [_index(*row) for row in connection.execute(_INDEXES, [list(tables)])]


def _index(schema: str, name: str, table_schema: str, table: str, is_constraint: bool, definition: str) -> Index:
    if not is_constraint:
        drop = sql.SQL("DROP INDEX {}").format(sql.Identifier(schema, name))
        return Index(name, drop, sql.SQL("{}").format(_own(definition)))
    altered = sql.SQL("ALTER TABLE {} ").format(sql.Identifier(table_schema, table))
    return Index(
        name,
        altered + sql.SQL("DROP CONSTRAINT {}").format(sql.Identifier(name)),
        altered + sql.SQL("ADD CONSTRAINT {} {}").format(sql.Identifier(name), _own(definition)),
    )


def _own(definition: str) -> sql.SQL:
    """What the database itself says that an index is."""
    return sql.SQL(definition)  # pyright: ignore[reportArgumentType]


def copy(connection: psycopg.Connection, lines: Lines, progress: Progress) -> None:
    """COPY the lines into their table."""
    progress.begin(lines.table.partition(".")[2], lines.length)
    table = sql.Identifier(*lines.table.split("."))
    names = sql.SQL(", ").join(map(sql.Identifier, lines.columns.split(", ")))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for batch in _batches(lines.lines):
            stream.write("".join(batch))
            progress.advance(len(batch))


def _batches(lines: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(lines)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
